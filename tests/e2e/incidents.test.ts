import { type AddressInfo, createServer } from 'node:net';

import type { V1Pod } from '@kubernetes/client-node';

import { type Cluster, connect } from '../../cluster/local/kubernetes/client';
import type { Stack } from '../../cluster/local/stack';
import { until } from '../../cluster/local/process/wait';
import { LABELS, NAMESPACES } from '../../core/names';
import { approvalName } from '../../core/response/approval';
import { statusOf } from './support/approvals';
import { accepted, alertAbout, anotherUid, logged, post } from './support/incident';
import { incidents, incidentUntil, settleIncidents } from './support/incidents';
import { N8n, type WorkflowJson } from './support/n8n';
import { alertOn, createPods, deletePods } from './support/pods';
import { AMPLE, AMPLE_INCIDENTS, setPolicy } from './support/policy';
import { FIRST_START_MS, startStack } from './support/stack';

const namespace = NAMESPACES.playground;
/** Of the names of workflows that belong to this file. */
const PREFIX = 'e2e incidents ';

let stack: Stack;
let cluster: Cluster;
let n8n: N8n;
let pods: V1Pod[] = [];

beforeAll(async () => {
  stack = await startStack();
  cluster = connect();
  n8n = await N8n.connect(stack);
  await setPolicy(cluster, { budget: AMPLE });
}, FIRST_START_MS);
afterEach(() => deletePods(cluster, pods.splice(0)));
afterAll(() => setPolicy(cluster, { incidents: AMPLE_INCIDENTS, budget: null }));

const answer = async (body: string) => {
  const { status, body: text } = await post(stack, body);
  return { ...(JSON.parse(text) as { incident: string; repeated?: number }), status };
};
const pod = async (name: string): Promise<V1Pod> => {
  pods = await createPods(cluster, name, 1);
  return pods[0] ?? {};
};
/** The pipeline's executions after one of them; n8n counts them up. */
const executionsAfter = async (id: number) =>
  (await n8n.executions(stack.workflowId)).filter((execution) => Number(execution.id) > id).length;

test('a loop in a pod is one incident: one execution, one Approval, and its events counted', async () => {
  const about = await pod('loop');
  const last = Number((await n8n.executions(stack.workflowId))[0]?.id ?? 0);
  const incident = await accepted(stack, await alertOn('escalate-test', about));
  await logged(stack, incident);
  for (let repeat = 0; repeat < 100; repeat += 1)
    expect(await answer(await alertOn('escalate-test', about))).toEqual({
      status: 202,
      incident,
      repeated: 1,
    });
  const status = await incidentUntil(stack, incident, ({ count }) => count === 101);
  expect(status).toMatchObject({ state: 'Waiting', passed: 1, decision: 'escalate' });
  expect(await executionsAfter(last)).toBe(1);
});

test('what a person decides settles the incident, and its next event opens it again', async () => {
  const about = await pod('again');
  const incident = await accepted(stack, await alertOn('escalate-test', about));
  await logged(stack, incident);
  await incidentUntil(stack, incident, ({ state }) => state === 'Waiting');
  await settleIncidents(stack);
  const { incident: next, repeated } = await answer(await alertOn('escalate-test', about));
  expect(repeated).toBeUndefined();
  expect(next).not.toBe(incident);
  expect(await logged(stack, next)).toMatchObject({ incident: next });
});

test('a pod that was contained is not acted on again, whatever it does', async () => {
  const about = await pod('contained');
  const incident = await accepted(stack, await alertOn('pod-quarantine-test', about));
  await logged(stack, incident);
  await incidentUntil(stack, incident, ({ state }) => state === 'Contained');
  expect(await answer(await alertOn('pod-quarantine-test', about))).toMatchObject({ incident, repeated: 1 });
});

describe('without an API server that answers, every alert starts the workflow, and soon', () => {
  const silent = createServer();
  beforeAll(() => new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve)));
  afterAll(async () => {
    silent.close();
    await n8n.deleteWorkflows(PREFIX);
    await n8n.deleteCredentials();
  });

  test.each([
    ['refuses', () => 1],
    ['says nothing', () => (silent.address() as AddressInfo).port],
  ])('one that %s', async (how, port) => {
    const path = `e2e-incidents-${how.replaceAll(' ', '-')}`;
    await n8n.activate(await unreachable(path, port()), path);
    const body = await alertAbout('escalate-test', anotherUid());
    for (let time = 0; time < 3; time += 1) {
      const { status, body: text } = await post(stack, body, { path });
      expect([status, JSON.parse(text)]).toEqual([202, { status: 'accepted', incident: expect.any(String) as string }]);
    }
  });
});

/** A trigger alone, whose incidents are kept by nobody. */
async function unreachable(path: string, port: number): Promise<WorkflowJson> {
  const { nodes, settings } = await n8n.workflow(stack.workflowId);
  const trigger = nodes.filter(({ name }) => name === 'Security Alert Trigger');
  const id = await n8n.createCredential('kubernetesResponderApi', {
    authentication: 'token',
    server: `https://127.0.0.1:${port}`,
    token: 'a token',
  });
  return {
    name: `${PREFIX}${path}`,
    settings,
    connections: {},
    nodes: trigger.map((node) => ({
      ...node,
      webhookId: path,
      parameters: { ...node.parameters, path },
      credentials: { ...node.credentials, kubernetesResponderApi: { id, name: 'unreachable' } },
    })),
  };
}

test('events that come at once open one incident', async () => {
  const body = await alertAbout('escalate-test', anotherUid());
  const answers = await Promise.all(Array.from({ length: 20 }, () => answer(body)));
  expect(new Set(answers.map(({ incident }) => incident)).size).toBe(1);
  expect(answers.filter(({ repeated }) => repeated === undefined)).toHaveLength(1);
});

test('a higher priority gets through, and the Approval that waits has it', async () => {
  const uid = anotherUid();
  const { incident } = await answer(await alertAbout('escalate-test', uid, (alert) => (alert.priority = 'Notice')));
  await incidentUntil(stack, incident, ({ state }) => state === 'Waiting');
  const raised = await answer(await alertAbout('escalate-test', uid, (alert) => (alert.priority = 'Critical')));
  expect(raised).toEqual({ status: 202, incident });
  const status = await until('the raised priority', 20, async () => {
    const read = (await statusOf(cluster, approvalName(incident))) as { priority?: string } | undefined;
    return read?.priority === undefined ? undefined : read;
  });
  expect(status).toEqual({ priority: 'critical' });
});

test('too many incidents of a namespace are one storm, in which a pod that the playbook acts on is still contained', async () => {
  await settleIncidents(stack);
  await setPolicy(cluster, { incidents: { activePerNamespace: 3 } });
  const before = (await incidents(stack)).length;
  for (let event = 0; event < 30; event += 1) await answer(await alertAbout('escalate-test', anotherUid()));
  const made = await incidents(stack);
  expect(made.length - before).toBeLessThanOrEqual(4);
  expect(made).toContainEqual(
    expect.objectContaining({
      spec: expect.objectContaining({
        rule: 'Alert storm',
        subject: { kind: 'Namespace', name: namespace },
      }) as object,
    }),
  );
  const about = await pod('acts');
  const { status } = await post(stack, await alertOn('pod-quarantine-test', about));
  expect(status).toBe(202);
  const { metadata } = about;
  await until('the pod contained', 20, async () => {
    const { metadata: now } = await cluster.core.readNamespacedPod({ namespace, name: metadata?.name ?? '' });
    return now?.labels?.[LABELS.quarantined] === 'true' ? true : undefined;
  });
});
