import type { ICredentialDataDecryptedObject, IDataObject } from 'n8n-workflow';

import { postgresClaims } from '../../adapters/postgres/claims';
import { normaliseAlerts } from '../../core/alert/normalise';
import { payload, RECEIVED_AT } from '../support/alerts';
import type { Run } from '../support/engine';
import { alertWith, incident, left, type NeoNode, OWN, startNeoNode } from '../support/neoNode';

let simulated: NeoNode;
beforeAll(async () => {
  simulated = await startNeoNode();
}, 60_000);
afterAll(() => simulated.close());
beforeEach(() => {
  simulated.forget();
});
const run: NeoNode['run'] = (...given) => simulated.run(...given);

describe('a node that is not set up is an error with the step to it, and asks nobody', () => {
  const withPulumi = (change: object): Partial<Run> => ({
    credentials: { pulumiCloudApi: { ...simulated.credential, ...change } },
  });

  test.each<[string, IDataObject, () => Partial<Run>, RegExp, RegExp]>([
    [
      'plain http',
      OWN,
      () => withPulumi({ url: 'http://api.pulumi.com' }),
      /Pulumi Cloud credential's url must be an https URL/,
      /Open the Pulumi Cloud credential/,
    ],
    [
      'no URL',
      OWN,
      () => withPulumi({ url: 'api.pulumi.com' }),
      /must be an https URL/,
      /Open the Pulumi Cloud credential/,
    ],
    [
      'no organization',
      OWN,
      () => withPulumi({ organization: '' }),
      /organization is empty/,
      /Open the Pulumi Cloud credential/,
    ],
    [
      'no token',
      OWN,
      () => withPulumi({ accessToken: '' }),
      /accessToken is empty/,
      /Open the Pulumi Cloud credential/,
    ],
    [
      'an unknown approval mode',
      { ...OWN, approvalMode: 'Auto' },
      () => ({}),
      /"Auto" is not one of manual, balanced, auto/,
      /Choose one of the list/,
    ],
    [
      'an unknown permission mode',
      { ...OWN, permissionMode: 'all' },
      () => ({}),
      /"all" is not one of read-only, default/,
      /Choose one of the list/,
    ],
    [
      'an unknown updater',
      { ...OWN, updater: '' },
      () => ({}),
      /"" is not one of workflow, neo/,
      /Choose one of the list/,
    ],
    [
      'an unknown operation',
      { operation: 'constructor' },
      () => ({}),
      /there is no operation constructor/,
      /Choose an operation/,
    ],
  ])('%s', async (_what, parameters, more, message, description) => {
    const { error } = await run([incident()], parameters, more());
    expect(error).toMatchObject({
      message: expect.stringMatching(message) as string,
      description: expect.stringMatching(description) as string,
    });
    expect(simulated.neo.requests.all()).toEqual([]);
  });

  test('a database that is not there', async () => {
    const claims = { ...simulated.postgres, port: 1 } as unknown as ICredentialDataDecryptedObject;
    const { error } = await run([incident()], OWN, {
      credentials: { pulumiCloudApi: simulated.credential, incidentPostgresApi: claims },
    });
    expect(error).toMatchObject({
      message: expect.stringMatching(/claims in PostgreSQL.*\[incident incident-\d+\]/) as string,
    });
    expect(simulated.posts()).toEqual([]);
  });
});

describe('an item that cannot be read', () => {
  const broken: IDataObject = { alert: { id: 'abc-1' }, kept: true };

  test("stops the workflow with the incident's id", async () => {
    expect((await run([broken])).error).toMatchObject({
      message: expect.stringContaining('[incident abc-1]') as string,
    });
  });

  test('leaves by person when the node is set to continue, and the others go on', async () => {
    const { task, person, known } = left(await run([broken, incident()], OWN, { onError: 'continueRegularOutput' }));
    expect(person).toMatchObject([{ ...broken, error: expect.stringContaining('abc-1') as string }]);
    expect([task.length, known.length]).toEqual([1, 0]);
  });

  test('because its alerts are none leaves nothing claimed', async () => {
    const item = incident();
    const claimed = (item.alert as IDataObject).id as string;
    const { error } = await run([{ ...item, incidentAlerts: 'none' }]);
    expect(error).toMatchObject({ description: expect.stringContaining('incidentAlerts') as string });
    expect(await postgresClaims(simulated.postgres).find(claimed)).toBeNull();
  });
});

describe('what is worth no task leaves by known, and nobody is asked', () => {
  test.each<[string, IDataObject, RegExp]>([
    ['resolved', { status: 'resolved' }, /the incident is over/],
    ['synthetic', { synthetic: true }, /a self-test/],
  ])('%s', async (_what, change, problem) => {
    const { task, person, known } = left(await run([incident(change)]));
    expect([task, person]).toEqual([[], []]);
    expect(known).toMatchObject([
      {
        note: 'kept',
        response: { task: { state: 'skipped', id: null, problem: expect.stringMatching(problem) as string } },
      },
    ]);
    expect(simulated.neo.requests.all()).toEqual([]);
  });
});

describe('what there can be no task for leaves by person, with a note', () => {
  test.each<[string, IDataObject, IDataObject, RegExp]>([
    ['no repository', {}, {}, /neither the alert's custom fields nor this workflow name one/],
    [
      'a repository that is not listed',
      { incidentAlerts: alertWith({ git_repo: 'evil/evil' }) },
      OWN,
      /github\.com\/evil\/evil is not one that the workflow lists/,
    ],
    [
      'alerts that could not be read',
      { alertsProblem: 'PagerDuty answered 503' },
      OWN,
      /the incident's alerts could not be read: PagerDuty answered 503/,
    ],
  ])('%s', async (_what, more, parameters, problem) => {
    const { task, person, known } = left(await run([{ ...incident(), ...more }], parameters));
    expect([task, known]).toEqual([[], []]);
    expect(person).toMatchObject([
      { note: 'kept', response: { task: { state: 'refused', note: expect.stringMatching(problem) as string } } },
    ]);
    expect(person[0]).not.toHaveProperty('incidentAlerts');
    expect(person[0]).not.toHaveProperty('alertsProblem');
    expect(simulated.posts()).toEqual([]);
  });

  test('a request that Neo refuses', async () => {
    simulated.neo.faults.plan({ times: 1, headers: {}, delayMilliseconds: 0, method: 'POST', status: 403 });
    const { person } = left(await run([incident()]));
    expect(person).toMatchObject([
      {
        response: {
          task: {
            state: 'refused',
            note: expect.stringMatching(/Neo is switched on for the organization\. A person/) as string,
          },
        },
      },
    ]);
  });
});

test('an incident gets one task, asked for by name and through the proxy; its copies leave by known', async () => {
  const item = incident();
  const first = left(await run([item]));
  expect(first.task).toMatchObject([
    {
      note: 'kept',
      response: {
        task: {
          state: 'running',
          url: expect.stringMatching(/^https:\/\/app\.pulumi\.com\/acme\/neo\/tasks\//) as string,
        },
      },
    },
  ]);
  const { task, person, known } = left(await run([item, item]));
  expect([task, person, known.length]).toEqual([[], [], 2]);
  expect(simulated.posts()).toHaveLength(1);
});

describe('the same finding by Falco and by PagerDuty gets one task', () => {
  /** An event of Falco's, as its alert and as the details of a PagerDuty incident's alert. */
  const both = (uid: string) => {
    const { rule, output_fields: fields } = payload('escalate-test', {}, { 'k8s.pod.uid': uid });
    const [alert] = normaliseAlerts(
      payload('escalate-test', {}, { 'k8s.pod.uid': uid }),
      RECEIVED_AT,
      'falcosidekick',
    ).alerts;
    return {
      falco: { alert: { ...alert, id: `falco-${uid}` }, note: 'kept' } as unknown as IDataObject,
      pagerDuty: (change: object = {}): IDataObject => ({
        ...incident(),
        incidentAlerts: alertWith({ ...fields, rule, priority: 'Warning', ...change } as IDataObject),
      }),
    };
  };

  test("Falco's first: PagerDuty's incident leaves by task with a note that names it, its copies by known", async () => {
    const { falco, pagerDuty } = both('00000000-0000-4000-8000-000000000001');
    const [first] = left(await run([falco])).task;
    const item = pagerDuty();
    const { task, known } = left(await run([item]));
    expect(known).toEqual([]);
    expect(task).toMatchObject([{ response: { task: { state: 'joined', id: null } } }]);
    const { note } = (task[0]?.response as { task: { note: string } }).task;
    expect(note).toContain('incident falco-00000000-0000-4000-8000-000000000001');
    expect(note).toContain((first?.response as { task: { url: string } }).task.url);
    expect(left(await run([item, item])).known).toHaveLength(2);
    expect(simulated.posts()).toHaveLength(1);
  });

  test("PagerDuty's first: Falco's leaves by known", async () => {
    const { falco, pagerDuty } = both('00000000-0000-4000-8000-000000000002');
    expect(left(await run([pagerDuty()])).task).toHaveLength(1);
    expect(left(await run([falco])).known).toMatchObject([{ response: { task: { state: 'joined' } } }]);
    expect(simulated.posts()).toHaveLength(1);
  });

  test.each<[string, object, IDataObject]>([
    ['a fact', { 'proc.cmdline': 'harmless' }, OWN],
    ['the place of the code', { git_repo: 'github.com/acme/other' }, { ...OWN, repositories: 'github.com/acme/*' }],
  ])("PagerDuty's first, with another word for %s: Falco's has a task of its own", async (what, change, parameters) => {
    const { falco, pagerDuty } = both(`00000000-0000-4000-8000-00000000000${what === 'a fact' ? 3 : 4}`);
    expect(left(await run([pagerDuty(change)], parameters)).task).toHaveLength(1);
    expect(left(await run([falco], parameters)).task).toMatchObject([{ response: { task: { state: 'running' } } }]);
    expect(simulated.posts()).toHaveLength(2);
  });
});
