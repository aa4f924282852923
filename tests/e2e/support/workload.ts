import type { KubernetesObject, V1Pod } from '@kubernetes/client-node';

import type { Cluster } from '../../../cluster/local/kubernetes/client';
import { until } from '../../../cluster/local/process/wait';
import { NAMESPACES } from '../../../core/names';
import { objects } from '../../support/manifests';

const namespace = NAMESPACES.playground;

const GROUPS = { Deployment: 'apps/v1', StatefulSet: 'apps/v1', DaemonSet: 'apps/v1', Job: 'batch/v1' };
export type Kind = keyof typeof GROUPS;

/** A workload of the playground's own pod, which its controller knows by `app: <name>`. */
export async function create(
  cluster: Cluster,
  kind: Kind,
  name: string,
  spec: object = {},
  labels: Record<string, string> = {},
): Promise<void> {
  const [pod] = objects<V1Pod>('Pod');
  const template = {
    metadata: { labels: { app: name, ...labels } },
    spec: { ...(pod?.spec as object), ...(kind === 'Job' ? { restartPolicy: 'Never' } : {}) },
  };
  const selector = kind === 'Job' ? {} : { selector: { matchLabels: { app: name } } };
  const object = { ...identity(kind, name), spec: { ...selector, template, ...spec } };
  await cluster.objects.create(object);
}

/** A Deployment of so many replicas, all ready. */
export async function deploy(cluster: Cluster, name: string, replicas: number): Promise<V1Pod[]> {
  await create(cluster, 'Deployment', name, { replicas });
  return readyPods(cluster, name, replicas);
}

/** The pods that carry the workload's `app` label, once there are exactly so many and all are ready. */
export function readyPods(cluster: Cluster, name: string, count: number): Promise<V1Pod[]> {
  return until(`${count} ready pods of ${name}`, 30, async () => {
    const pods = await podsWith(cluster, `app=${name}`);
    const ready = pods.filter(isReady).length;
    if (pods.length !== count || ready !== count) throw new Error(`${ready} of ${pods.length} are ready`);
    return pods;
  });
}

/** Removes a workload, and every pod it ever made: one that was detached has no owner to remove it, and no label to find it by. */
export async function remove(cluster: Cluster, kind: Kind, name: string): Promise<void> {
  await cluster.objects.delete(identity(kind, name), undefined, undefined, 0, undefined, 'Background');
  await until(`the pods of ${name} gone`, 30, async () => {
    const { items } = await cluster.core.listNamespacedPod({ namespace });
    const made = items.flatMap(({ metadata }) => metadata?.name ?? []).filter((pod) => pod.startsWith(`${name}-`));
    for (const pod of made)
      await cluster.core.deleteNamespacedPod({ namespace, name: pod, gracePeriodSeconds: 0 }).catch(() => undefined);
    return made.length === 0 || undefined;
  });
}

export const isReady = ({ metadata, status }: V1Pod): boolean =>
  metadata?.deletionTimestamp === undefined &&
  (status?.conditions ?? []).some((condition) => condition.type === 'Ready' && condition.status === 'True');

export const identity = (kind: Kind, name: string): KubernetesObject & { metadata: { name: string } } => ({
  apiVersion: GROUPS[kind],
  kind,
  metadata: { name, namespace },
});

async function podsWith({ core }: Cluster, labelSelector: string): Promise<V1Pod[]> {
  return (await core.listNamespacedPod({ namespace, labelSelector })).items;
}
