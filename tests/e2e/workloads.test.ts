import type { V1Pod } from '@kubernetes/client-node';

import type { KubernetesClient } from '../../adapters/kubernetes/api/client';
import { type Cluster, connect } from '../../cluster/local/kubernetes/client';
import type { Stack } from '../../cluster/local/stack';
import { until } from '../../cluster/local/process/wait';
import { NAMESPACES } from '../../core/names';
import { encodeLabels } from '../../core/response/originalLabels';
import type { Action } from '../../core/incident/actions';
import type { ActionResponse } from '../../core/incident/response';
import { alertOf } from '../support/alerts';
import { accepted, logged } from './support/incident';
import { alertOn, targetOf } from './support/pods';
import { AMPLE, forgetReservations, setPolicy } from './support/policy';
import { connectResponder, OPTIONS, run } from './support/responder';
import { recordStatus } from './support/records';
import { FIRST_START_MS, startStack } from './support/stack';
import { create, deploy, type Kind, readyPods, remove } from './support/workload';

const namespace = NAMESPACES.playground;

let stack: Stack;
let cluster: Cluster;
let responder: KubernetesClient;
const made: [Kind, string][] = [];

/** What an interrupted run left behind has another name. */
const RUN = Date.now().toString(36);

beforeAll(async () => {
  stack = await startStack();
  cluster = connect();
  responder = await connectResponder(stack);
  await setPolicy(cluster, { budget: AMPLE, workloadSharePercent: null, containFirst: null });
}, FIRST_START_MS);

afterEach(async () => {
  for (const [kind, name] of made.splice(0)) await remove(cluster, kind, name);
  await setPolicy(cluster, { containFirst: null, network: null });
  await forgetReservations(responder);
});

async function deployment(kind: string, replicas: number): Promise<V1Pod[]> {
  const name = `${kind}-${RUN}`;
  made.push(['Deployment', name]);
  return deploy(cluster, name, replicas);
}

function act(action: Action, pod: V1Pod, options: Partial<typeof OPTIONS> = {}): Promise<ActionResponse> {
  const alert = alertOf('pod-delete-test', { target: targetOf(pod), time: new Date().toISOString() });
  return run(action, responder, { alert }, options);
}

const live = ({ metadata }: V1Pod) => cluster.core.readNamespacedPod({ namespace, name: metadata?.name ?? '' });

describe('a pod of a Deployment', () => {
  test('is detached, replaced, and given back exactly its labels', async () => {
    const [pod] = (await deployment('detach', 3)) as [V1Pod];
    await setPolicy(cluster, { network: { enforced: true, cutsOpenConnections: true } });
    expect(await act('quarantine_pod', pod)).toMatchObject({ outcome: 'done', contained: 'full', gaps: [] });
    const isolated = await live(pod);
    expect(isolated.metadata?.labels).toEqual({ 'security/quarantined': 'true' });
    expect(isolated.metadata?.annotations?.['security/original-labels']).toBe(encodeLabels(pod.metadata?.labels ?? {}));
    const replaced = await readyPods(cluster, `detach-${RUN}`, 3);
    expect(replaced.map(({ metadata }) => metadata?.uid)).not.toContain(pod.metadata?.uid);
    expect(await recordStatus(responder, pod)).toMatchObject({
      state: 'Quarantined',
      contained: 'full',
      detached: true,
    });

    expect(await act('release_pod', pod, { readopt: true })).toMatchObject({ outcome: 'done' });
    const released = await until('the pod with its labels', 10, async () => {
      try {
        return await live(pod);
      } catch {
        return null; // its ReplicaSet has one too many and may end just this one
      }
    });
    if (released !== null) {
      expect(released.metadata?.labels).toEqual(pod.metadata?.labels);
      expect(Object.keys(released.metadata?.annotations ?? {}).filter((key) => key.startsWith('security/'))).toEqual(
        [],
      );
    }
    expect(await recordStatus(responder, pod)).toMatchObject({ state: 'Released' });
  }, 90_000);

  test('whose replacement is ready is evicted by a release, not re-adopted', async () => {
    const [pod] = (await deployment('evict', 3)) as [V1Pod];
    await act('quarantine_pod', pod);
    const before = await readyPods(cluster, `evict-${RUN}`, 3);
    expect(await act('release_pod', pod)).toMatchObject({
      outcome: 'done',
      reason: expect.stringContaining('evicted') as string,
    });
    expect(await recordStatus(responder, pod)).toMatchObject({ state: 'Evicted' });
    const after = await readyPods(cluster, `evict-${RUN}`, 3);
    expect(after.map(({ metadata }) => metadata?.uid).sort()).toEqual(
      before.map(({ metadata }) => metadata?.uid).sort(),
    );
  }, 90_000);

  test('that another NetworkPolicy still selects is only partly contained', async () => {
    const [pod] = (await deployment('open', 3)) as [V1Pod];
    await setPolicy(cluster, { network: { enforced: true, cutsOpenConnections: true } });
    const policy = {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name: 'e2e-everything', namespace },
      spec: { podSelector: {}, egress: [{}], policyTypes: ['Egress'] },
    };
    await cluster.objects.create(policy);
    try {
      expect(await act('quarantine_pod', pod)).toMatchObject({
        outcome: 'done',
        contained: 'partial',
        gaps: [expect.stringContaining('e2e-everything') as string],
      });
    } finally {
      await cluster.objects.delete(policy);
    }
  }, 90_000);

  test('is not taken when no other replica is ready, nor beyond the share', async () => {
    const [only] = (await deployment('single', 1)) as [V1Pod];
    expect(await act('quarantine_pod', only)).toMatchObject({
      outcome: 'refused',
      guardrails: expect.arrayContaining(['last_ready_replica']) as string[],
    });
    const [first, second] = (await deployment('share', 3)) as [V1Pod, V1Pod];
    expect(await act('quarantine_pod', first)).toMatchObject({ outcome: 'done' });
    await readyPods(cluster, `share-${RUN}`, 3);
    expect(await act('quarantine_pod', second)).toMatchObject({ outcome: 'refused', guardrails: ['workload_share'] });
  }, 90_000);
});

test.each<[Kind, object]>([
  ['StatefulSet', { replicas: 3, serviceName: 'none' }],
  ['Job', { parallelism: 2, completions: 2 }],
])(
  'a pod of a %s is isolated where it is, which is partial',
  async (kind, spec) => {
    const name = `stay-${kind.toLowerCase()}`;
    made.push([kind, name]);
    await create(cluster, kind, name, spec);
    const pods = await until(`pods of ${name}`, 60, async () => {
      const { items } = await cluster.core.listNamespacedPod({ namespace, labelSelector: `app=${name}` });
      return items.length >= 2 ? items : undefined;
    });
    const [pod] = pods as [V1Pod];
    const response = await act('quarantine_pod', pod);
    expect(response).toMatchObject({ outcome: 'done', contained: 'partial' });
    expect(response.gaps.join(' ')).toContain(kind);
    const isolated = await live(pod);
    expect(isolated.metadata?.labels).toEqual({ ...pod.metadata?.labels, 'security/quarantined': 'true' });
    expect(await act('release_pod', pod)).toMatchObject({ outcome: 'done' });
    expect((await live(pod)).metadata?.labels).toEqual(pod.metadata?.labels);
  },
  120_000,
);

describe('containing first, driven against every replica of a Deployment,', () => {
  async function drive(pods: V1Pod[], name: string, rule?: string) {
    const lines = [];
    for (const pod of pods) {
      const incident = await accepted(stack, await alertOn('pod-delete-test', pod, rule));
      lines.push(await logged(stack, incident));
      await readyPods(cluster, `${name}-${RUN}`, pods.length);
    }
    return lines.map(({ containment, response }) => ({
      containment: containment as ActionResponse | null,
      response: response as ActionResponse | null,
    }));
  }

  test('stops at the share of the workload that may be contained', async () => {
    const pods = await deployment('share-storm', 4);
    await setPolicy(cluster, { containFirst: { namespaces: [namespace] } });
    const found = await drive(pods, 'share-storm', 'Drop and execute new binary in container');
    expect(found.map(({ containment }) => containment?.outcome)).toEqual(['done', 'done', 'refused', 'refused']);
    expect(found[2]?.containment?.guardrails).toEqual(['workload_share']);
    expect(found[0]?.response).toMatchObject({ action: 'quarantine_pod', outcome: 'unchanged' });
    const [confirmed] = pods as [V1Pod];
    expect(await recordStatus(responder, confirmed)).toMatchObject({ confirmedBy: 'quarantine_pod' });
  }, 180_000);

  test("stops at the workload's budget when the pods are deleted afterwards", async () => {
    const pods = await deployment('budget-storm', 5);
    await setPolicy(cluster, { containFirst: { namespaces: [namespace] }, budget: { ...AMPLE, perWorkload: 3 } });
    await forgetReservations(responder);
    const found = await drive(pods, 'budget-storm');
    await setPolicy(cluster, { budget: AMPLE });
    expect(found.map(({ containment }) => containment?.outcome)).toEqual([
      'done',
      'done',
      'done',
      'refused',
      'refused',
    ]);
    expect(found[0]?.response).toMatchObject({ action: 'delete_pod', outcome: 'done' });
    expect(found[3]?.containment?.guardrails).toEqual(['budget']);
  }, 180_000);

  test('leaves pods alone that nothing would replace', async () => {
    made.push(['StatefulSet', 'first-stateful']);
    await create(cluster, 'StatefulSet', 'first-stateful', { replicas: 2, serviceName: 'none' });
    const [pod] = (await readyPods(cluster, 'first-stateful', 2)) as [V1Pod];
    await setPolicy(cluster, { containFirst: { namespaces: [namespace] } });
    const incident = await accepted(
      stack,
      await alertOn('pod-delete-test', pod, 'Drop and execute new binary in container'),
    );
    expect(await logged(stack, incident)).toMatchObject({ containment: null });
  }, 90_000);
});
