import { randomUUID } from 'node:crypto';

import { clusterOf } from '../../adapters/kubernetes/cluster';
import { decideApproval } from '../../app/approvals';
import { admit } from '../../app/incidents/admit';
import { recordOutcome } from '../../app/incidents/recordOutcome';
import { CountedRepeats } from '../../app/incidents/repeats';
import type { Cluster as Responder } from '../../app/ports';
import { requestApproval } from '../../app/requestApproval';
import { type Cluster, connect, freshPod } from '../../cluster/local/kubernetes/client';
import { until } from '../../cluster/local/process/wait';
import { podState } from '../../cluster/local/scenarios/follow';
import type { Stack } from '../../cluster/local/stack';
import { normaliseAlerts } from '../../core/alert/normalise';
import type { Alert } from '../../core/incident/alert';
import { statusOf, type UnfinishedPass } from '../../core/incident/incidentRecord';
import { alertAbout, events, logged } from './support/incident';
import { incidents, settleIncidents } from './support/incidents';
import { N8n } from './support/n8n';
import { failingNotify } from './support/notify';
import { reconciling } from './support/reconcile';
import { connectResponder } from './support/responder';
import { FIRST_START_MS, startStack } from './support/stack';

const PREFIX = 'e2e cut off ';

const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000);

let stack: Stack;
let cluster: Cluster;
let responder: Responder;
let n8n: N8n;

beforeAll(async () => {
  stack = await startStack();
  cluster = connect();
  responder = clusterOf(await connectResponder(stack));
  n8n = await N8n.connect(stack);
  await n8n.deleteWorkflows(PREFIX);
}, FIRST_START_MS);
beforeEach(() => settleIncidents(stack));
afterEach(() => n8n.deleteWorkflows(PREFIX));
afterAll(() => n8n.deleteCredentials());

/** For a stream of Falco's in which nothing is. */
const reconcile = (change: { notify?: string } = {}) =>
  reconciling(n8n, `${PREFIX}${randomUUID()}`, { job: `falco-${randomUUID()}`, ...change });

/** What the trigger stored of an alert that it accepted so many minutes ago, after which its process was killed. */
async function cutOff(name: string, minutes: number): Promise<{ alert: Alert; uid: string }> {
  const uid = (await freshPod(cluster, name)).metadata?.uid ?? '';
  const at = minutesAgo(minutes);
  const body: unknown = JSON.parse(await alertAbout(name, uid));
  const [alert] = normaliseAlerts(body, at, 'falcosidekick').alerts;
  if (alert === undefined) throw new Error(`${name} is no alert`);
  const store = responder.incidents;
  const ports = { store, repeats: new CountedRepeats(store), acts: () => false, spent: () => undefined };
  const [passing] = (await admit(ports, { alert, others: 0 }, at)).passing;
  if (passing === undefined) throw new Error(`the alert ${name} did not pass`);
  return { alert: passing, uid };
}

const statusNow = async ({ incident }: Alert) => {
  const record = (await incidents(stack)).find(({ metadata }) => metadata.name === incident?.name);
  return record === undefined ? undefined : statusOf(record);
};

const passOf = async (alert: Alert) =>
  (await statusNow(alert))?.unfinished?.find(({ key }) => key === alert.incident?.key);

/** Changes what an incident holds of a pass. */
async function changePass(alert: Alert, change: Partial<UnfinishedPass>): Promise<void> {
  const record = (await incidents(stack)).find(({ metadata }) => metadata.name === alert.incident?.name);
  if (record === undefined) throw new Error('the incident is not there');
  const status = statusOf(record);
  const unfinished = (status.unfinished ?? []).map((pass) =>
    pass.key === alert.incident?.key ? { ...pass, ...change } : pass,
  );
  await responder.incidents.update(record, { ...status, unfinished });
}

const ended = (alert: Alert) =>
  until('the end of the pass', 60, async () => {
    const status = await statusNow(alert);
    // An earlier test may have left another pass of the same pod.
    const isOpen = status?.unfinished?.some(({ key }) => key === alert.incident?.key) ?? true;
    // Its outcome is recorded a moment after it was given up, and after its log line.
    return isOpen || status?.state === 'Open' ? undefined : status;
  });

describe('an alert that n8n accepted, and whose process was killed', () => {
  test('is analysed and acted on by Reconcile, once, and says that it was late', async () => {
    const { alert, uid } = await cutOff('pod-quarantine-test', 11);
    await reconcile();
    expect(await logged(stack, alert.id)).toMatchObject({
      decision: 'quarantine_pod',
      late: { why: 'unfinished', tries: 2, acts: true },
    });
    expect(await podState(cluster, 'pod-quarantine-test', uid)).toBe('quarantined');
    expect(await ended(alert)).toMatchObject({ state: 'Contained', decision: 'quarantine_pod' });
  }, 180_000);

  test('more than an hour ago is left to a person', async () => {
    const { alert, uid } = await cutOff('pod-quarantine-test', 61);
    await reconcile();
    expect(await logged(stack, alert.id)).toMatchObject({
      decision: 'escalate',
      guardrails: expect.arrayContaining([expect.objectContaining({ guardrail: 'late_alert' })]) as unknown,
    });
    expect(await podState(cluster, 'pod-quarantine-test', uid)).toBe('untouched');
    expect(await ended(alert)).toMatchObject({ state: 'Waiting' });
  }, 180_000);

  test('three times goes to a person with an Event and an Approval, is logged, and is not started again', async () => {
    const { alert, uid } = await cutOff('escalate-test', 11);
    await changePass(alert, { starts: 3 });
    await reconcile();
    expect(await logged(stack, alert.id)).toMatchObject({ late: { why: 'unfinished', tries: 3 } });
    expect(await ended(alert)).toMatchObject({ state: 'Waiting' });
    const told = await events(cluster, 'playground', alert.id);
    expect(told.map(({ message }) => message).join('\n')).toMatch(/started 3 times and never ended/);
    expect((await responder.waitingApprovals()).map(({ spec }) => spec.incident)).toContain(alert.id);
    expect(await podState(cluster, 'escalate-test', uid)).toBe('untouched');
  }, 180_000);

  test('three times goes to a person again when the message fails, with the same Approval, until it was sent', async () => {
    const { alert } = await cutOff('escalate-test', 11);
    await changePass(alert, { starts: 3 });
    const failing = await failingNotify(n8n, `${PREFIX}no answer`);
    const workflow = await reconcile({ notify: failing });
    await until('an execution that failed', 90, async () =>
      (await n8n.executions(workflow)).some(({ status }) => status === 'error') ? true : undefined,
    );
    expect(await passOf(alert)).toMatchObject({ starts: 3, handed: 1 });
    await n8n.deleteWorkflows(PREFIX);

    await changePass(alert, { at: minutesAgo(11).toISOString() });
    await reconcile();
    expect(await ended(alert)).toMatchObject({ state: 'Waiting' });
    const asked = (await responder.waitingApprovals()).filter(({ spec }) => spec.incident === alert.id);
    expect(asked).toHaveLength(1);
  }, 240_000);
});

describe("a person's decision, and n8n was killed before it was carried out", () => {
  test('is carried out by Reconcile, for the pod that the person saw, and noted as done', async () => {
    const { alert, uid } = await cutOff('escalate-test', 9);
    const at = minutesAgo(8);
    const { metadata, spec } = await requestApproval(responder, { alert }, at);
    const waits = { name: metadata.name, expiresAt: spec.expiresAt };
    await recordOutcome(responder.incidents, { alert, approval: waits }, at);
    const verdict = { choice: 'quarantine_pod', by: 'ann', via: 'form', shown: 1 } as const;
    await decideApproval(responder, metadata.name, verdict, minutesAgo(4));

    await reconcile();
    await until('the pod isolated', 90, async () =>
      (await podState(cluster, 'escalate-test', uid)) === 'quarantined' ? true : undefined,
    );
    await until('the decision noted', 60, async () => {
      const { status } = await responder.readApproval(metadata.name);
      return status.state !== undefined && status.carriedOut === 'done' ? true : undefined;
    });
    expect(await statusNow(alert)).toMatchObject({ state: 'Contained' });
    expect(await logged(stack, alert.id)).toMatchObject({ decision: 'quarantine_pod' });
  }, 180_000);
});
