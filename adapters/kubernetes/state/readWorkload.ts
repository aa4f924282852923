import type { Target } from '../../../core/incident/alert';
import { isMarked, type PodContext, type WorkloadContext } from '../../../core/incident/context';
import { LABELS, QUARANTINED_VALUE } from '../../../core/names';
import { isOpen, type QuarantineRecord } from '../../../core/response/record';
import type { KubernetesClient } from '../api/client';
import { apiCall } from '../api/errors';
import type { Right } from '../api/rights';
import { controllerOf } from './toPodContext';
import { namespaceWatches } from '../api/watch/watches';

export const READ_WORKLOAD_RIGHTS: readonly Right[] = [
  { apiGroup: 'apps', resource: 'replicasets', verb: 'get' },
  { apiGroup: 'apps', resource: 'statefulsets', verb: 'get' },
  { apiGroup: 'apps', resource: 'daemonsets', verb: 'get' },
  { apiGroup: 'batch', resource: 'jobs', verb: 'get' },
];

type Owner = NonNullable<PodContext['owner']>;
type Replicas = Pick<WorkloadContext, 'desired' | 'ready' | 'top'>;

/** Who owns the pod, how many replicas are ready, and how many are in quarantine by our records. */
export async function readWorkload(
  client: KubernetesClient,
  namespace: string,
  { owner, uid }: Pick<PodContext, 'owner' | 'uid'>,
  records: readonly QuarantineRecord[],
): Promise<{ workload: WorkloadContext | null; ageMs: number }> {
  if (owner === null) return { workload: null, ageMs: 0 };
  const { replicas, ageMs } = await replicasOf(client, namespace, owner);
  if (replicas === null) return { workload: null, ageMs };
  const contained = records.filter(
    (record) =>
      record.spec.pod.namespace === namespace &&
      record.spec.pod.uid !== uid &&
      record.spec.workload?.kind === replicas.top.kind &&
      record.spec.workload.name === replicas.top.name &&
      isOpen(record),
  );
  // Somebody may have deleted an isolated pod; then it stands in nobody's way any more.
  const marked = contained.length === 0 ? new Set() : await markedPods(client, namespace);
  const alive = contained.map(({ spec }) => spec.pod.uid).filter((one) => marked.has(one));
  return {
    workload: { kind: owner.kind, name: owner.name, ...replicas, contained: alive.length, containedPods: alive },
    ageMs,
  };
}

/** The top owner of a pod that this process can see, or null: there is none, or the pod is not the one of this uid. */
export async function loadTopOwner(
  client: KubernetesClient,
  { namespace, pod, podUid }: Pick<Target, 'namespace' | 'pod' | 'podUid'>,
): Promise<WorkloadContext['top'] | null> {
  // A watch that can be trusted has every pod that there is: of one that is gone nothing is to be read.
  const listed = namespaceWatches(client, namespace).pods.list()?.value;
  const { metadata } =
    listed === undefined
      ? await apiCall({ what: `read pod ${namespace}/${pod}`, server: client.server }, () =>
          client.core.readNamespacedPod({ namespace, name: pod }),
        )
      : (listed.find((candidate) => candidate.metadata?.name === pod) ?? {});
  if (podUid !== null && metadata?.uid !== podUid) return null;
  const owner = controllerOf(metadata);
  return owner === null ? null : ((await replicasOf(client, namespace, owner)).replicas?.top ?? owner);
}

/** uids of the namespace's pods that have the quarantine label. */
async function markedPods(client: KubernetesClient, namespace: string): Promise<Set<string>> {
  const pods =
    namespaceWatches(client, namespace).pods.list()?.value ??
    (
      await apiCall({ what: `list pods of ${namespace}`, server: client.server }, () =>
        client.core.listNamespacedPod({ namespace, labelSelector: `${LABELS.quarantined}=${QUARANTINED_VALUE}` }),
      )
    ).items;
  return new Set(
    pods.filter(({ metadata }) => isMarked(metadata?.labels ?? {})).map(({ metadata }) => metadata?.uid ?? ''),
  );
}

async function replicasOf(
  client: KubernetesClient,
  namespace: string,
  { kind, name }: Owner,
): Promise<{ replicas: Replicas | null; ageMs: number }> {
  const now = (replicas: Replicas | null) => ({ replicas, ageMs: 0 });
  return apiCall({ what: `read ${kind} ${namespace}/${name}`, server: client.server }, async () => {
    switch (kind) {
      case 'ReplicaSet': {
        const watched = namespaceWatches(client, namespace).replicaSets.get(name);
        const { metadata, spec, status } =
          watched?.value ?? (await client.apps.readNamespacedReplicaSet({ namespace, name }));
        const replicas = {
          desired: spec?.replicas ?? 1,
          ready: status?.readyReplicas ?? 0,
          top: controllerOf(metadata) ?? { kind, name },
        };
        return { replicas, ageMs: watched?.ageMs ?? 0 };
      }
      case 'StatefulSet': {
        const { spec, status } = await client.apps.readNamespacedStatefulSet({ namespace, name });
        return now({ desired: spec?.replicas ?? 1, ready: status?.readyReplicas ?? 0, top: { kind, name } });
      }
      case 'DaemonSet': {
        const { status } = await client.apps.readNamespacedDaemonSet({ namespace, name });
        return now({
          desired: status?.desiredNumberScheduled ?? 0,
          ready: status?.numberReady ?? 0,
          top: { kind, name },
        });
      }
      case 'Job': {
        const { metadata, spec, status } = await client.batch.readNamespacedJob({ namespace, name });
        const top = controllerOf(metadata) ?? { kind, name };
        return now({ desired: spec?.parallelism ?? 1, ready: status?.ready ?? 0, top });
      }
      default:
        return now(null);
    }
  });
}
