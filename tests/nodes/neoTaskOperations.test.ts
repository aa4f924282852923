import type { IDataObject } from 'n8n-workflow';

import type { NeoTask as Task } from '../../core/incident/task';
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
const taskOf = (item: IDataObject | undefined): Task => (item?.response as unknown as { task: Task }).task;

/** A task of a new incident, and the item that it left in. */
async function created(name: 'fixes' | 'findings' | 'asks-approval' | 'never-ends' | 'errs', parameters = {}) {
  simulated.neo.follow({ name });
  const { task } = left(await run([incident()], { ...OWN, approvalMode: 'auto', ...parameters }));
  const item = task[0] ?? {};
  const id = taskOf(item).id ?? '';
  const state = () => simulated.neo.state().find((one) => one.id === id);
  for (let attempt = 0; attempt < 1000; attempt += 1) {
    const now = state();
    if (name === 'never-ends' ? now?.events.length === 5 : now?.status === 'idle' && now.events.length > 5) break;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return { item, id };
}

describe('an operation on one task', () => {
  test.each(['get', 'wait', 'get_events', 'follow_events', 'answer_approval', 'cancel'])(
    '%s without a task is an error with the step to it',
    async (operation) => {
      const { error } = await run([incident()], { operation });
      expect(error).toMatchObject({
        message: expect.stringContaining('the ID of the task is missing') as string,
        description: expect.stringContaining('after Create') as string,
      });
      expect(simulated.neo.requests.all()).toEqual([]);
    },
  );

  test('on one that is not there says what to check', async () => {
    const { error } = await run([incident()], { operation: 'get', taskId: 'missing' });
    expect(error).toMatchObject({
      message: expect.stringContaining('answered 404') as string,
      description: expect.stringContaining('Check the organization') as string,
    });
  });

  test.each([
    ['fixes', 'task', 'fixed'],
    ['findings', 'person', 'not_fixed'],
    ['errs', 'person', 'failed'],
    ['asks-approval', 'person', 'awaiting_approval'],
    ['never-ends', 'task', 'running'],
  ] as const)('Get of one that %s leaves by %s as %s', async (script, output, state) => {
    const { item } = await created(script);
    const [got] = left(await run([item], { operation: 'get' }))[output];
    expect(got).toMatchObject({ note: 'kept', response: { task: { state } } });
  });

  test('Wait Until Done gives what became of it, or that it takes too long', async () => {
    const done = await created('fixes');
    expect(left(await run([done.item], { operation: 'wait' })).task).toMatchObject([
      { response: { task: { state: 'fixed' } } },
    ]);
    const endless = await created('never-ends');
    const late = await run([endless.item], { operation: 'wait', minutes: 0.001, pollSeconds: 1 });
    expect(left(late).person).toMatchObject([
      {
        response: {
          task: { state: 'overdue', note: expect.stringContaining('longer than this workflow allows') as string },
        },
      },
    ]);
  });

  test.each(['get_events', 'follow_events'])('%s gives each event as an item', async (operation) => {
    const { item, id } = await created('findings');
    const { task, person } = left(await run([item], { operation }));
    const events = simulated.neo.state().find((one) => one.id === id)?.events ?? [];
    expect(task.map(({ event }) => (event as IDataObject).id)).toEqual(events.map((event) => event.id));
    expect(person).toEqual([]);
  });

  test('Follow Events of one that goes on leaves by person when its time is over', async () => {
    const { item } = await created('never-ends');
    const { task, person } = left(await run([item], { operation: 'follow_events', minutes: 0.002 }));
    expect([task.length, person]).toMatchObject([5, [{ note: 'kept' }]]);
  });

  test('Answer Approval says no unless it is told to', async () => {
    const { item } = await created('asks-approval');
    const asked = left(await run([item], { operation: 'get' })).person;
    await run(asked, { operation: 'answer_approval', instructions: 'Only report.' });
    expect(
      simulated.neo.requests.all().find(({ body }) => JSON.stringify(body).includes('user_confirmation'))?.body,
    ).toMatchObject({
      event: { ok: false, instructions: 'Only report.', approval_request_id: taskOf(asked[0]).approval?.id },
    });
    const { error } = await run([item], { operation: 'answer_approval', approve: true });
    expect(error).toMatchObject({
      message: expect.stringContaining('the ID of the approval request is missing') as string,
    });
  });

  test('Cancel ends it', async () => {
    const { item, id } = await created('never-ends');
    expect(left(await run([item], { operation: 'cancel' })).task).toHaveLength(1);
    expect(simulated.neo.state().find((one) => one.id === id)?.status).toBe('idle');
  });
});

describe('Create', () => {
  test('with nothing but a repository asks for the safest task there is', async () => {
    await run([incident()]);
    expect(simulated.posts()[0]?.body).toMatchObject({
      approvalMode: 'manual',
      permissionMode: 'read-only',
      planMode: false,
      enabledIntegrations: [],
      source: 'api',
      message: { entity_diff: { add: [{ type: 'repository', org: 'acme', name: 'infrastructure', forge: 'github' }] } },
    });
    expect(JSON.stringify(simulated.posts()[0]?.body)).toContain('Change nothing in PagerDuty yourself');
  });

  test("takes what the incident's alerts say, where it is listed", async () => {
    const details = {
      git_repo: 'https://github.com/acme/shop.git',
      pulumi_project: 'playground',
      pulumi_stack: 'production',
      pod: 'web-1',
    };
    const item = { ...incident(), incidentAlerts: alertWith(details) };
    const lists = { repositories: 'github.com/acme-labs/x, github.com/acme/*', stacks: 'playground/*' };
    const { task } = left(await run([item], { ...OWN, ...lists }));
    expect(simulated.posts()[0]?.body).toMatchObject({
      message: {
        entity_diff: { add: [{ name: 'shop' }, { type: 'stack', project: 'playground', name: 'production' }] },
      },
    });
    expect(task).toMatchObject([
      { alert: { target: null, infrastructure: { git_repo: details.git_repo }, fields: { 'alert 1.pod': 'web-1' } } },
    ]);
    expect(task[0]).not.toHaveProperty('incidentAlerts');
  });

  test('says which stack of others it skipped, and goes on', async () => {
    const item = { ...incident(), incidentAlerts: alertWith({ pulumi_stack: 'evil/shop/dev' }) };
    expect(left(await run([item])).task).toMatchObject([
      {
        response: {
          task: { state: 'running', problem: 'the stack evil/shop/dev belongs to evil, but Neo works for acme' },
        },
      },
    ]);
  });

  test('lets Neo update the incident where it is told to', async () => {
    await run([incident()], {
      ...OWN,
      updater: 'neo',
      neoUser: 'PN30B0T',
      integrations: 'pagerduty, slack',
      planMode: true,
      directory: '',
    });
    expect(simulated.posts()[0]?.body).toMatchObject({
      enabledIntegrations: [{ id: 'pagerduty' }, { id: 'slack' }],
      planMode: true,
    });
    expect(JSON.stringify(simulated.posts()[0]?.body)).toContain('reassign the incident to the user PN30B0T');
  });
});

describe('what becomes of it', () => {
  test('is due for review until it is confirmed, and is nothing then', async () => {
    const { id, item } = await created('findings');
    await run([item], { operation: 'confirm_reported' });
    const due = await run([{}], { operation: 'due_for_review' });
    const news = left(due).person.find((item) => taskOf(item).id === id);
    expect(news).toMatchObject({
      alert: { source: 'pagerduty' },
      response: { task: { state: 'not_fixed' } },
    });
    expect(left(await run([news ?? {}], { operation: 'confirm_reported' })).task).toEqual([news]);
    const again = await run([{}], { operation: 'due_for_review' });
    expect(left(again)).toEqual({ task: [], person: [], known: [{ due: 0 }] });
  });

  test('cannot be looked at when Pulumi is down, which is an error', async () => {
    await created('never-ends');
    simulated.neo.faults.plan({ times: 100, headers: {}, delayMilliseconds: 0, status: 503 });
    expect((await run([{}], { operation: 'due_for_review' })).error).toMatchObject({
      message: expect.stringMatching(
        /tasks could not be looked at: .*answered 503.*\[incident incident-\d+\]/,
      ) as string,
    });
  });

  test('ends with its incident', async () => {
    const { item, id } = await created('never-ends');
    expect(left(await run([item], { operation: 'end_for_incident' })).task).toMatchObject([
      { response: { task: { state: 'closed', id } } },
    ]);
    expect(left(await run([item], { operation: 'end_for_incident' })).known).toEqual([item]);
  });
});
