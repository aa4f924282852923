import { type KubernetesAccess, type KubernetesClient, mergePatch } from '../../adapters/kubernetes/api/client';
import { readContext } from '../../adapters/kubernetes/state/readContext';
import { findRecord } from '../../adapters/kubernetes/resources/records';
import { whoAmI } from '../../adapters/kubernetes/api/whoAmI';
import { type Cluster, connect, findPod, freshPod } from '../../cluster/local/kubernetes/client';
import type { Stack } from '../../cluster/local/stack';
import { until } from '../../cluster/local/process/wait';
import { LABELS, NAMESPACES, QUARANTINE_POLICY } from '../../core/names';
import { quarantinePolicy } from '../../core/response/quarantine';
import type { Action } from '../../core/incident/actions';
import { alertOf } from '../support/alerts';
import { createPods, deletePods, targetOf } from './support/pods';
import { connectResponder, responderAccess, run } from './support/responder';
import { FIRST_START_MS, startStack } from './support/stack';

const POD = 'escalate-test';
const namespace = NAMESPACES.playground;

let stack: Stack;
let cluster: Cluster;
let responder: KubernetesClient;
let access: KubernetesAccess;

beforeAll(async () => {
  stack = await startStack();
  cluster = connect();
  access = responderAccess(stack);
  responder = await connectResponder(stack);
}, FIRST_START_MS);

const target = (uid: string | undefined) => ({
  namespace,
  pod: POD,
  podUid: uid ?? null,
  container: null,
  image: null,
});
const act = (action: Action, uid: string | undefined, dryRun = false) =>
  run(
    action,
    responder,
    { alert: alertOf('pod-delete-test', { target: target(uid), time: new Date().toISOString() }) },
    { dryRun },
  );

describe('as the responder, against the real API server', () => {
  test('quarantine, again, release, again: what is done is read back, and twice changes nothing', async () => {
    const { metadata } = await freshPod(cluster, POD);
    expect(await act('quarantine_pod', metadata?.uid)).toMatchObject({
      outcome: 'done',
      undo: expect.stringContaining('Quarantine: Release') as string,
    });
    expect(await act('quarantine_pod', metadata?.uid)).toMatchObject({ outcome: 'unchanged', changed: [] });
    expect(await act('release_pod', metadata?.uid)).toMatchObject({ outcome: 'done' });
    expect(await act('release_pod', metadata?.uid)).toMatchObject({ outcome: 'unchanged' });
    const released = (await findPod(cluster, POD))?.metadata;
    expect(released?.labels).toEqual(metadata?.labels);
    expect(released?.annotations ?? {}).toEqual(metadata?.annotations ?? {});
  });

  test.each<Action>(['quarantine_pod', 'delete_pod'])(
    '%s in dry run is checked by the API server and changes nothing',
    async (action) => {
      const { metadata } = await freshPod(cluster, POD);
      expect(await act(action, metadata?.uid, true)).toMatchObject({ outcome: 'dry_run', changed: [] });
      expect((await findPod(cluster, POD))?.metadata).toMatchObject({
        uid: metadata?.uid,
        resourceVersion: metadata?.resourceVersion,
      });
    },
  );

  test('quarantine_pod in dry run rehearses a first isolation too, and leaves no record', async () => {
    const [pod = {}] = await createPods(cluster, 'rehearsed', 1);
    try {
      const { name = '', uid } = pod.metadata ?? {};
      const alert = alertOf('pod-delete-test', { target: targetOf(pod), time: new Date().toISOString() });
      expect(await run('quarantine_pod', responder, { alert }, { dryRun: true })).toMatchObject({ outcome: 'dry_run' });
      expect((await cluster.core.readNamespacedPod({ namespace, name })).metadata?.labels).toEqual(
        pod.metadata?.labels,
      );
      expect(await findRecord(responder, uid ?? '')).toBeNull();
    } finally {
      await deletePods(cluster, [pod]);
    }
  });

  test('a missing quarantine NetworkPolicy is created', async () => {
    const { metadata } = await freshPod(cluster, POD);
    await cluster.objects.delete(quarantinePolicy(namespace));
    expect(await act('quarantine_pod', metadata?.uid)).toMatchObject({
      outcome: 'done',
      changed: [expect.stringContaining('created NetworkPolicy'), expect.stringContaining('labelled pod')],
    });
  });

  test('a NetworkPolicy of that name which lets traffic through is not relied on', async () => {
    const { metadata } = await freshPod(cluster, POD);
    await cluster.objects.delete(quarantinePolicy(namespace));
    await cluster.objects.create({
      ...quarantinePolicy(namespace),
      spec: { ...quarantinePolicy(namespace).spec, egress: [{}] },
    } as never);
    try {
      expect(await act('quarantine_pod', metadata?.uid)).toMatchObject({
        outcome: 'refused',
        reason: expect.stringContaining('does not deny all traffic') as string,
      });
      expect((await findPod(cluster, POD))?.metadata?.labels).not.toHaveProperty([LABELS.quarantined]);
    } finally {
      await cluster.objects.delete(quarantinePolicy(namespace));
      await cluster.objects.create(quarantinePolicy(namespace));
    }
  });

  test('a deleted pod is gone, and deleting it again is settled', async () => {
    const { metadata } = await freshPod(cluster, POD);
    expect(await act('delete_pod', metadata?.uid)).toMatchObject({ outcome: 'done', reason: 'the pod is gone' });
    expect(await act('delete_pod', metadata?.uid)).toMatchObject({ outcome: 'gone', changed: [] });
    expect(await act('quarantine_pod', metadata?.uid)).toMatchObject({ outcome: 'gone', changed: [] });
  });

  test('a successor of the same name is never touched', async () => {
    const { metadata: first } = await freshPod(cluster, POD);
    await act('delete_pod', first?.uid);
    const { metadata: second } = await freshPod(cluster, POD);
    for (const action of ['delete_pod', 'quarantine_pod', 'release_pod'] as const) {
      expect(await act(action, first?.uid)).toMatchObject({ outcome: 'replaced', changed: [] });
    }
    expect((await findPod(cluster, POD))?.metadata).toMatchObject({
      uid: second?.uid,
      resourceVersion: second?.resourceVersion,
    });
  });

  test("context holds the pod, its namespace's mode, and what happened to it", async () => {
    const { metadata: first } = await freshPod(cluster, POD);
    await act('delete_pod', first?.uid);
    const { metadata } = await freshPod(cluster, POD);
    const context = await until("the scheduler's Event", 10, async () => {
      const read = await readContext(responder, target(metadata?.uid), 'one', new Date());
      const scheduled = read.status === 'found' && read.events.find(({ reason }) => reason === 'Scheduled');
      return scheduled && (scheduled.lastSeen ?? '') > read.pod.createdAt ? read : undefined;
    });
    expect(context).toMatchObject({
      status: 'found',
      pod: { name: POD, uid: metadata?.uid, phase: 'Running', marked: false, owner: null },
      namespace: { name: namespace, mode: 'autonomous' },
      missing: [],
    });
  });
});

describe('the token', () => {
  test("is the responder's, and its credential's test says so", async () => {
    expect(await whoAmI(access, new Date())).toMatchObject({
      user: 'system:serviceaccount:n8n:n8n-responder',
      tokenExpires: expect.any(String) as string,
      warning: null,
    });
  });

  test('that is wrong, and an authority that is wrong, are named as such', async () => {
    await expect(whoAmI({ ...access, token: { text: 'wrong' } }, new Date())).rejects.toMatchObject({
      code: 'forbidden',
      nextStep: expect.stringContaining('token has expired') as string,
    });
    await expect(whoAmI({ ...access, certificate: { text: '' } }, new Date())).rejects.toMatchObject({
      code: 'unreachable',
      message: expect.stringMatching(/certificate|self-signed/i) as string,
    });
  });

  const forbidden = { code: 403 };

  test("changes nothing of a pod but the design's labels and annotations", async () => {
    const { metadata } = await freshPod(cluster, POD);
    const patch = async (body: object) =>
      responder.core.patchNamespacedPod({ name: POD, namespace, body }, await mergePatch());
    for (const body of [
      { metadata: { labels: { app: 'other' } } },
      { metadata: { labels: { app: null } } },
      { metadata: { labels: { [LABELS.quarantined]: 'no' } } },
      { metadata: { annotations: { other: 'x' } } },
      { metadata: { finalizers: ['example.com/keep'] } },
      // One of the few fields of a running pod's spec that Kubernetes itself lets change: it would end the pod.
      { spec: { activeDeadlineSeconds: 1 } },
    ]) {
      await expect(patch(body)).rejects.toMatchObject(forbidden);
    }
    expect((await findPod(cluster, POD))?.metadata?.resourceVersion).toBe(metadata?.resourceVersion);
  });

  test('creates no NetworkPolicy but the quarantine, and changes none', async () => {
    const create = (body: object) => responder.networking.createNamespacedNetworkPolicy({ namespace, body });
    await expect(
      create({ ...quarantinePolicy(namespace), metadata: { name: 'open', namespace } }),
    ).rejects.toMatchObject(forbidden);
    await expect(
      responder.networking.deleteNamespacedNetworkPolicy({ namespace, name: QUARANTINE_POLICY }),
    ).rejects.toMatchObject(forbidden);
  });

  test('reaches no other namespace, no secret, and no right to give rights', async () => {
    await expect(responder.core.listNamespacedPod({ namespace: NAMESPACES.responder })).rejects.toMatchObject(
      forbidden,
    );
    await expect(responder.core.readNamespacedPod({ namespace: 'kube-system', name: 'any' })).rejects.toMatchObject(
      forbidden,
    );
    await expect(responder.core.listNamespacedSecret({ namespace })).rejects.toMatchObject(forbidden);
    await expect(responder.core.deleteCollectionNamespacedPod({ namespace })).rejects.toMatchObject(forbidden);
    await expect(responder.core.patchNamespace({ name: namespace, body: [] })).rejects.toMatchObject(forbidden);
  });
});
