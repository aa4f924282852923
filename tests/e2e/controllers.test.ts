import { readFileSync } from 'node:fs';

import { PatchStrategy, type V1Job, type V1PodDisruptionBudget } from '@kubernetes/client-node';

import { type Cluster, connect, freshPod } from '../../cluster/local/kubernetes/client';
import { until } from '../../cluster/local/process/wait';
import { NAMESPACES } from '../../core/names';
import { FIRST_START_MS, startStack } from './support/stack';
import { create, deploy, identity, isReady, type Kind, readyPods, remove } from './support/workload';

const namespace = NAMESPACES.playground;
const NAME = 'controlled';
const LOG = `${__dirname}/../../cluster/local/config/container.log`;

let cluster: Cluster;

beforeAll(async () => {
  await startStack();
  cluster = connect();
}, FIRST_START_MS);

const names = (pods: { metadata?: { name?: string } }[]) => pods.map(({ metadata }) => metadata?.name ?? '');

describe('a Deployment of three replicas', () => {
  beforeAll(() => deploy(cluster, NAME, 3));
  afterAll(() => remove(cluster, 'Deployment', NAME));

  test('has three pods that a ReplicaSet owns, the scheduler placed, and kwok runs', async () => {
    for (const { metadata, spec, status } of await readyPods(cluster, NAME, 3)) {
      expect(metadata?.ownerReferences).toMatchObject([{ kind: 'ReplicaSet', controller: true }]);
      expect(spec).toMatchObject({ nodeName: 'local', serviceAccountName: 'default' });
      expect(status).toMatchObject({
        phase: 'Running',
        startTime: expect.any(Date) as Date,
        containerStatuses: [{ name: 'shell', ready: true, started: true, state: { running: {} } }],
      });
    }
  });

  test("replaces a pod that loses the selector's label, and leaves that pod alone", async () => {
    const [released = '', ...others] = names(await readyPods(cluster, NAME, 3));
    await cluster.objects.patch(
      { apiVersion: 'v1', kind: 'Pod', metadata: { name: released, namespace, labels: { app: null } } } as never,
      undefined,
      undefined,
      undefined,
      undefined,
      PatchStrategy.StrategicMergePatch,
    );
    const now = names(await readyPods(cluster, NAME, 3));
    expect(now).toEqual(expect.arrayContaining(others));
    expect(now).not.toContain(released);
    const orphan = await cluster.core.readNamespacedPod({ name: released, namespace });
    expect(isReady(orphan)).toBe(true);
    expect(orphan.metadata?.ownerReferences).toBeUndefined();
  });

  test('replaces a deleted pod', async () => {
    const [deleted = ''] = names(await readyPods(cluster, NAME, 3));
    await cluster.core.deleteNamespacedPod({ name: deleted, namespace, gracePeriodSeconds: 0 });
    await until(
      'another pod',
      30,
      async () => !names(await readyPods(cluster, NAME, 3)).includes(deleted) || undefined,
    );
  });

  test('loses no more pods by eviction than its disruption budget allows', async () => {
    const budget = (minAvailable: number) => ({
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata: { name: NAME, namespace },
      spec: { minAvailable, selector: { matchLabels: { app: NAME } } },
    });
    const allowed = (disruptions: number) =>
      until(`${disruptions} disruptions allowed`, 20, async () => {
        const { status } = await cluster.objects.read<V1PodDisruptionBudget>(budget(0));
        return (status?.expectedPods === 3 && status.disruptionsAllowed === disruptions) || undefined;
      });
    const [name = ''] = names(await readyPods(cluster, NAME, 3));
    const evict = () => cluster.core.createNamespacedPodEviction({ name, namespace, body: { metadata: { name } } });

    await cluster.objects.create(budget(3));
    try {
      await allowed(0);
      await expect(evict()).rejects.toMatchObject({ code: 429 });
      expect(names(await readyPods(cluster, NAME, 3))).toContain(name);

      await cluster.objects.patch(budget(2), undefined, undefined, undefined, undefined, PatchStrategy.MergePatch);
      await allowed(1);
      await evict();
      await until('a successor', 30, async () => !names(await readyPods(cluster, NAME, 3)).includes(name) || undefined);
    } finally {
      await cluster.objects.delete(budget(0));
    }
  });
});

test.each<[Kind, object, number]>([
  ['StatefulSet', { replicas: 2, serviceName: NAME }, 2],
  ['DaemonSet', {}, 1],
])('a %s has its pods ready', async (kind, spec, count) => {
  await create(cluster, kind, NAME, spec);
  try {
    await readyPods(cluster, NAME, count);
  } finally {
    await remove(cluster, kind, NAME);
  }
});

test('a Job completes', async () => {
  await create(cluster, 'Job', NAME);
  try {
    await until('the Job complete', 30, async () => {
      const { status } = await cluster.objects.read<V1Job>(identity('Job', NAME));
      return status?.succeeded === 1 || undefined;
    });
  } finally {
    await remove(cluster, 'Job', NAME);
  }
});

test('a deleted namespace is gone with what was in it', async () => {
  const name = 'e2e-short-lived';
  await cluster.core.createNamespace({ body: { metadata: { name } } });
  await cluster.core.createNamespacedConfigMap({ namespace: name, body: { metadata: { name } } });
  await cluster.core.deleteNamespace({ name });
  await until('the namespace gone', 30, async () => {
    const { items } = await cluster.core.listNamespace();
    return !names(items).includes(name) || undefined;
  });
});

describe("a container's log", () => {
  const written = readFileSync(LOG, 'utf8').trimEnd().split('\n');
  const text = written.map((line) => line.replace(/^\S+ \S+ F /, ''));

  test('comes through the API server, whole or its end', async () => {
    const { metadata } = await freshPod(cluster, 'test-shell');
    const pod = { name: metadata?.name ?? '', namespace };
    expect(await cluster.core.readNamespacedPodLog(pod)).toBe(`${text.join('\n')}\n`);
    expect(await cluster.core.readNamespacedPodLog({ ...pod, tailLines: 2 })).toBe(`${text.slice(-2).join('\n')}\n`);
    expect(await cluster.core.readNamespacedPodLog({ ...pod, limitBytes: 10 })).toBe(text.join('\n').slice(0, 10));
  });
});
