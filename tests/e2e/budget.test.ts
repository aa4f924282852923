import { setTimeout } from 'node:timers/promises';

import type { V1Pod } from '@kubernetes/client-node';

import type { KubernetesClient } from '../../adapters/kubernetes/api/client';
import { clusterOf } from '../../adapters/kubernetes/cluster';
import { findRecord } from '../../adapters/kubernetes/resources/records';
import { perform } from '../../app/perform';
import { type Cluster, connect } from '../../cluster/local/kubernetes/client';
import type { Stack } from '../../cluster/local/stack';
import { BARE_PODS } from '../../core/policy/budget';
import { NAMESPACES } from '../../core/names';
import { quarantinePolicy } from '../../core/response/quarantine';
import { alertOf } from '../support/alerts';
import { callsBetween, changesBetween, mark } from './support/auditLog';
import { accepted, anotherUid, events, logged, post } from './support/incident';
import { N8n } from './support/n8n';
import { alertOn, createPods, deletePods, targetOf } from './support/pods';
import { AMPLE, forgetReservations, reservations, setPolicy, spend } from './support/policy';
import { connectResponder, OPTIONS, run } from './support/responder';
import { FIRST_START_MS, startStack } from './support/stack';

const namespace = NAMESPACES.playground;

let stack: Stack;
let cluster: Cluster;
let responder: KubernetesClient;
let n8n: N8n;
let pods: V1Pod[] = [];

beforeAll(async () => {
  stack = await startStack();
  cluster = connect();
  responder = await connectResponder(stack);
  n8n = await N8n.connect(stack);
}, FIRST_START_MS);

afterEach(async () => {
  await setPolicy(cluster, { budget: AMPLE });
  await forgetReservations(responder);
  await deletePods(cluster, pods.splice(0));
});

/** Pods that the responder changed or deleted, by the API server's own log. */
function actedOn(from: string, to: string): Set<string> {
  const changes = changesBetween(stack, from, to).filter(
    ({ resource, code }) => resource.startsWith('pods') && code >= 200 && code < 300,
  );
  return new Set(changes.map(({ name }) => name));
}

/** How the incident of a line in Loki ended: its action's outcome, or the decision where nothing was tried. */
function outcomeIn({ response, decision }: Awaited<ReturnType<typeof logged>>): unknown {
  return (response as { outcome: string } | null)?.outcome ?? decision;
}

const alertAt = (pod: V1Pod) =>
  alertOf('pod-quarantine-test', { id: anotherUid(), target: targetOf(pod), time: new Date().toISOString() });

test('of 50 parallel alerts against a budget of 5, exactly 5 pods are acted on', async () => {
  pods = await createPods(cluster, 'budget', 50);
  await forgetReservations(responder);
  await setPolicy(cluster, { budget: { ...AMPLE, perCluster: 5 } });
  const from = await mark(cluster);
  const incidents = await Promise.all(
    pods.map(async (pod) => accepted(stack, await alertOn('pod-quarantine-test', pod))),
  );
  const lines = await Promise.all(incidents.map((incident) => logged(stack, incident)));
  const to = await mark(cluster);

  expect(actedOn(from, to).size).toBe(5);
  const outcomes = lines.map(outcomeIn);
  expect(outcomes.filter((outcome) => outcome === 'done')).toHaveLength(5);
  expect(outcomes.filter((outcome) => outcome === 'refused' || outcome === 'escalate')).toHaveLength(45);
  const { items } = await cluster.core.listNamespacedEvent({ namespace: NAMESPACES.responder });
  expect(
    items.filter(({ reason, message }) => reason === 'BudgetExhausted' && message?.includes('5 of 5')),
  ).not.toEqual([]);
  console.log(`budget 5, alerts 50: acted on ${actedOn(from, to).size} (audit log)`);
}, 180_000);

test('who runs out of budget one alert after another is reported as well', async () => {
  pods = await createPods(cluster, 'spent', 2);
  await forgetReservations(responder);
  await setPolicy(cluster, { budget: { ...AMPLE, perNamespace: 1 } });
  const outcomes = [];
  for (const pod of pods)
    outcomes.push(outcomeIn(await logged(stack, await accepted(stack, await alertOn('pod-quarantine-test', pod)))));
  expect(outcomes).toEqual(['done', expect.stringMatching(/^(refused|escalate)$/)]);
  const { items } = await cluster.core.listNamespacedEvent({ namespace: NAMESPACES.responder });
  expect(items.filter(({ message }) => message?.includes(`namespace ${namespace} is spent: 1 of 1`))).toHaveLength(1);
}, 60_000);

test("what others spent of the cluster's budget leaves a namespace its floor, and no more", async () => {
  pods = await createPods(cluster, 'floor', 3);
  await setPolicy(cluster, { budget: { ...AMPLE, perCluster: 2, namespaceFloor: 2 } });
  await spend(responder, 'elsewhere', 2);
  const outcomes = [];
  for (const pod of pods) outcomes.push((await run('quarantine_pod', responder, { alert: alertAt(pod) })).outcome);
  expect(outcomes).toEqual(['done', 'done', 'refused']);
  expect(await reservations(responder)).toHaveLength(4);
}, 60_000);

test("bare pods of a namespace share one workload's budget, whatever they are called", async () => {
  pods = [...(await createPods(cluster, 'throwaway', 2)), ...(await createPods(cluster, 'another', 1))];
  await forgetReservations(responder);
  await setPolicy(cluster, { budget: { ...AMPLE, perWorkload: 2 } });
  const responses = [];
  for (const pod of pods) responses.push(await run('quarantine_pod', responder, { alert: alertAt(pod) }));
  expect(responses.map(({ outcome }) => outcome)).toEqual(['done', 'done', 'refused']);
  expect(responses[2]).toMatchObject({
    guardrails: ['budget'],
    reason: expect.stringContaining(`workload ${namespace}/${BARE_PODS} is spent: 2 of 2`) as string,
  });
}, 60_000);

test('a second action on the same pod takes no second unit', async () => {
  pods = await createPods(cluster, 'unit', 1);
  await forgetReservations(responder);
  await setPolicy(cluster, { budget: { ...AMPLE, perCluster: 1 } });
  const [pod] = pods as [V1Pod];
  const first = await logged(stack, await accepted(stack, await alertOn('pod-quarantine-test', pod)));
  expect(first).toMatchObject({ response: { action: 'quarantine_pod', outcome: 'done' } });
  const second = await logged(stack, await accepted(stack, await alertOn('pod-delete-test', pod)));
  expect(second).toMatchObject({ response: { action: 'delete_pod', outcome: 'done' } });
}, 60_000);

test('an action that changed nothing gives its unit back', async () => {
  pods = await createPods(cluster, 'returned', 1);
  await forgetReservations(responder);
  const [pod] = pods as [V1Pod];
  const alert = alertOf('pod-quarantine-test', { target: targetOf(pod), time: new Date().toISOString() });
  const open = { ...quarantinePolicy(namespace), spec: { ...quarantinePolicy(namespace).spec, egress: [{}] } };
  await cluster.objects.delete(quarantinePolicy(namespace));
  await cluster.objects.create(open as never);
  try {
    expect(await run('quarantine_pod', responder, { alert })).toMatchObject({ outcome: 'refused', changed: [] });
    expect(await reservations(responder)).toEqual([]);
  } finally {
    await cluster.objects.delete(quarantinePolicy(namespace));
    await cluster.objects.create(quarantinePolicy(namespace));
  }
  expect(await run('quarantine_pod', responder, { alert })).toMatchObject({ outcome: 'done' });
  expect(await reservations(responder)).toMatchObject([{ pod: pod.metadata?.uid }]);
}, 60_000);

test('a pod whose record another run gives up while it is isolated has another record, and can be released', async () => {
  pods = await createPods(cluster, 'given-up', 1);
  await forgetReservations(responder);
  const [pod] = pods as [V1Pod];
  const alert = alertAt(pod);
  const uid = pod.metadata?.uid ?? '';
  const real = clusterOf(responder);
  const response = await perform(
    'quarantine_pod',
    {
      ...real,
      runAction: async (action, input) => {
        await real.markRecord(uid, { state: 'Abandoned', changedAt: new Date().toISOString() });
        return real.runAction(action, input);
      },
    },
    { alert },
    OPTIONS,
  );
  expect(response).toMatchObject({ outcome: 'done' });
  expect(await findRecord(responder, uid)).toMatchObject({
    metadata: { name: `${uid}.2` },
    spec: { originalLabels: pod.metadata?.labels },
    status: { state: 'Quarantined' },
  });
  expect(await run('release_pod', responder, { alert })).toMatchObject({ outcome: 'done' });
}, 60_000);

/** The calls from an alert to its labelled pod, and the pipeline's log line. The pod is one that nothing has happened to. */
async function measure(pod: V1Pod): Promise<{ calls: string[]; line: Awaited<ReturnType<typeof logged>> }> {
  // The watches have to have seen what the last one left behind.
  await setTimeout(1000);
  const from = await mark(cluster);
  // Without settling incidents first, which makes calls of its own.
  const { body } = await post(stack, await alertOn('pod-quarantine-test', pod));
  const line = await logged(stack, (JSON.parse(body) as { incident: string }).incident);
  const calls = callsBetween(stack, from, await mark(cluster)).filter(({ verb }) => verb !== 'watch');
  const labelled = calls.findIndex(
    ({ resource, verb, name }) => resource === 'pods' && verb === 'patch' && name === pod.metadata?.name,
  );
  expect(labelled).toBeGreaterThanOrEqual(0);
  return { calls: calls.slice(0, labelled + 1).map(({ verb, resource }) => `${verb} ${resource}`), line };
}

test('on the warm path the labelled pod takes 5 calls, and readings say how old they are', async () => {
  pods = await createPods(cluster, 'warm', 4);
  const [warm, ...measured] = pods as [V1Pod, V1Pod, V1Pod, V1Pod];
  await logged(stack, await accepted(stack, await alertOn('pod-quarantine-test', warm)));
  await n8n.withoutSchedules(async () => {
    for (const pod of measured) {
      const { calls, line } = await measure(pod);
      const [incidentCall, ...further] = calls;
      // Namespace, budget and record are one step.
      expect([incidentCall, further.slice(0, 3).sort(), ...further.slice(3)]).toEqual([
        'create incidents',
        ['create quarantines', 'get namespaces', 'update responsepolicies/status'],
        'patch pods',
      ]);
      expect((line.context as { readingAgeMs: number }).readingAgeMs).toBeGreaterThan(0);
      expect(await events(cluster, namespace, line.incident as string)).toMatchObject([{ reason: 'Quarantined' }]);
    }
  });
}, 120_000);
