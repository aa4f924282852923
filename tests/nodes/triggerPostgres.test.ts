import type { ICredentialDataDecryptedObject } from 'n8n-workflow';

import { until } from '../../cluster/local/process/wait';
import { SecurityAlertTrigger } from '../../nodes/SecurityAlertTrigger/SecurityAlertTrigger.node';
import { payloadText } from '../support/alerts';
import { type IncidentDatabase, startIncidentDatabase } from '../support/incidentDatabase';
import { report } from '../support/reports';
import { startTriggerProcess, type TriggerProcess } from '../support/triggerProcess';
import { type RunningTrigger, serveTrigger } from '../support/webhook';

const SECRET = 'a secret of the test';

let database: IncidentDatabase;
const triggers: RunningTrigger[] = [];
beforeAll(async () => {
  database = await startIncidentDatabase();
}, 60_000);
afterEach(() => Promise.all(triggers.splice(0).map((trigger) => trigger.close())));
afterAll(() => database.close());

/** A trigger that keeps incidents in PostgreSQL. Each access has a store of its own in this process, as a worker has. */
async function start(access: object | null): Promise<(text?: string) => ReturnType<RunningTrigger['post']>> {
  const trigger = await serveTrigger({
    node: new SecurityAlertTrigger(),
    parameters: { sender: 'falcosidekick', incidentStore: 'postgres' },
    credentials: {
      securityAlertSecretApi: { secret: SECRET },
      ...(access === null ? {} : { incidentPostgresApi: access as ICredentialDataDecryptedObject }),
    },
  });
  triggers.push(trigger);
  return (text = payloadText('test-shell')) => trigger.post(text, { 'x-alert-secret': SECRET });
}
const executions = () => triggers.flatMap((trigger) => trigger.executions);

/** Workers write down what they counted every ten seconds. */
jest.setTimeout(90_000);

describe('a trigger that keeps its incidents in PostgreSQL', () => {
  test.each<[string, () => object | null]>([
    ['there is no credential', () => null],
    ['the credential has no host', () => ({ ...database.access, host: '' })],
    ['the database is gone', () => ({ ...database.access, port: 1 })],
    ['the password is wrong', () => ({ ...database.access, password: 'wrong' })],
  ])('starts the workflow each time if %s', async (_what, access) => {
    const post = await start(access());
    for (const time of [1, 2, 3]) {
      const { status, body } = await post();
      expect([status, body.status, body.repeated]).toEqual([202, 'accepted', undefined]);
      expect(executions()).toHaveLength(time);
    }
  });

  test('starts it once for an alert that several workers get at once, answers the others with its incident, and counts all', async () => {
    const workers = await Promise.all(
      [1, 2, 3].map((worker) => start({ ...database.access, caCertificate: `${worker}` })),
    );
    const text = payloadText('pod-delete-test');
    const answers = await Promise.all([1, 2, 3, 4].flatMap(() => workers.map((post) => post(text))));
    expect(new Set(answers.map(({ body }) => body.incident)).size).toBe(1);
    expect(answers.filter(({ body }) => body.repeated === 1)).toHaveLength(11);
    expect(executions()).toHaveLength(1);
    // Each worker writes down what it counted within ten seconds.
    await until('the count of all workers', 60, async () => {
      const rows = await database.sql(`select state, status->>'count' as count from incident_pipeline_incident`);
      expect(rows).toEqual([{ state: 'Open', count: '12' }]);
      return true;
    });
  });
});

describe('a delivery of PagerDuty that reaches another process', () => {
  const PAGERDUTY_SECRET = 'signing-secret-of-today';
  const started: TriggerProcess[] = [];
  const process = async () => {
    const one = await startTriggerProcess(database.access, PAGERDUTY_SECRET);
    started.push(one);
    return one;
  };
  afterEach(() => Promise.all(started.splice(0).map((one) => one.kill())));

  /** The events of an incident of its own, with bytes of their own. */
  const events = (id: string) =>
    ['pagerduty-triggered', 'pagerduty-resolved', 'pagerduty-reopened'].map((name) => {
      const { event } = report(name) as { event: { id: string; data: { id: string } } };
      return JSON.stringify({ event: { ...event, id: `${event.id}${id}`, data: { ...event.data, id } } });
    }) as [string, string, string];

  test('is answered as the first time and starts nothing, there and after a restart', async () => {
    const [one, other] = await Promise.all([process(), process()]);
    const [triggered] = events('PTWO');
    const first = await one.deliver(triggered, 'delivery-1');
    expect(first).toMatchObject({ status: 202, body: { status: 'accepted' } });
    const again = { status: 202, body: { status: 'duplicate', incident: first.body.incident } };
    expect(await one.deliver(triggered, 'delivery-1')).toEqual(again);
    expect(await other.deliver(triggered, 'delivery-1')).toEqual(again);
    await one.kill();
    const restarted = await process();
    expect(await restarted.deliver(triggered, 'delivery-1')).toEqual(again);
    // A copy under another id: the signed bytes are the same.
    expect(await restarted.deliver(triggered, 'replayed')).toEqual(again);
    expect([await other.executions(), await restarted.executions()]).toEqual([0, 0]);
  });

  test('neither opens nor settles its incident again, whatever came since', async () => {
    const [one, other] = await Promise.all([process(), process()]);
    const [triggered, resolved, reopened] = events('PTHREE');
    for (const [index, body] of [triggered, resolved, reopened].entries())
      expect((await one.deliver(body, `delivery-${index}`)).body.status).toBe('accepted');
    for (const [index, body] of [triggered, resolved, reopened].entries())
      expect((await other.deliver(body, `delivery-${index}`)).body.status).toBe('duplicate');
    expect([await one.executions(), await other.executions()]).toEqual([3, 0]);
    const rows = await database.sql(
      `select state, status->>'opening' as opening from incident_pipeline_incident where spec->>'source' = 'pagerduty' order by last_seen desc limit 1`,
    );
    expect(rows).toEqual([{ state: 'Open', opening: '2' }]);
  });

  test('is accepted, with its incident, while the database does not answer', async () => {
    const one = await startTriggerProcess({ ...database.access, port: 1 }, PAGERDUTY_SECRET);
    started.push(one);
    const [triggered] = events('PFOUR');
    const first = await one.deliver(triggered, 'delivery-1');
    expect(first).toMatchObject({ status: 202, body: { status: 'accepted', incident: expect.any(String) as string } });
    expect(await one.executions()).toBe(1);
  });
});

test.each([
  ['kubernetes', 'kubernetesResponderApi'],
  ['postgres', 'incidentPostgresApi'],
  ['memory', undefined],
])('Incident Store %s has the credential %s and no other', (store, type) => {
  const { credentials = [] } = new SecurityAlertTrigger().description;
  const shown = credentials.filter(
    ({ displayOptions }) => displayOptions?.hide?.incidentStore?.includes(store) === false,
  );
  expect(shown.map(({ name }) => name)).toEqual(type === undefined ? [] : [type]);
});
