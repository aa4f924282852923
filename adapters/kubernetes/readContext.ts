import type { CoreV1Event } from '@kubernetes/client-node';

import type { Target } from '../../core/alert/alert';
import { visible } from '../../core/alert/text';
import type { FoundContext, PodContext, TargetContext } from '../../core/context/context';
import { PipelineError } from '../../core/errors';
import type { KubernetesClient } from './client';
import { calling } from './errors';
import { iso, READ_TARGET_RIGHTS, readTarget } from './readTarget';
import type { Right } from './rights';

/** Kept, of so many asked for: the API server lists by name, not by time. */
const EVENTS = { kept: 10, asked: 200 };

export const READ_CONTEXT_RIGHTS: readonly Right[] = [
  ...READ_TARGET_RIGHTS,
  { apiGroup: '', resource: 'events', verb: 'list' },
  { apiGroup: 'apps', resource: 'replicasets', verb: 'get' },
  { apiGroup: 'apps', resource: 'statefulsets', verb: 'get' },
  { apiGroup: 'apps', resource: 'daemonsets', verb: 'get' },
  { apiGroup: 'batch', resource: 'jobs', verb: 'get' },
];

/**
 * Reads everything that helps to understand an alert: the pod, its namespace's mode, its owner's replicas, its events.
 * What cannot be read beyond pod and namespace is named in `missing` and keeps nothing from going on.
 */
export async function readContext(client: KubernetesClient, target: Target, now: Date): Promise<TargetContext> {
  // Events are asked for by the pod's name, which is known already, so they need not wait for the pod.
  const [context, events] = await Promise.all([readTarget(client, target, now), optional(readEvents(client, target))]);
  if (context.status !== 'found') return context;
  const workload = await optional(readWorkload(client, target.namespace, context.pod.owner));
  return {
    ...context,
    workload: workload.value ?? null,
    events: events.value ?? [],
    missing: [workload.problem, events.problem].filter((problem) => problem !== null),
  };
}

async function optional<T>(reading: Promise<T>): Promise<{ value: T | null; problem: string | null }> {
  try {
    return { value: await reading, problem: null };
  } catch (error) {
    if (!(error instanceof PipelineError)) throw error;
    return { value: null, problem: error.message };
  }
}

async function readEvents(client: KubernetesClient, { namespace, pod }: Target): Promise<FoundContext['events']> {
  const { items } = await calling({ what: `list events of pod ${namespace}/${pod}`, server: client.server }, () =>
    client.core.listNamespacedEvent({
      namespace,
      fieldSelector: `involvedObject.kind=Pod,involvedObject.name=${pod}`,
      limit: EVENTS.asked,
    }),
  );
  return items
    .map(toEvent)
    .sort((a, b) => (b.lastSeen ?? '').localeCompare(a.lastSeen ?? ''))
    .slice(0, EVENTS.kept);
}

function toEvent(event: CoreV1Event): FoundContext['events'][number] {
  return {
    type: event.type ?? 'Normal',
    reason: visible(event.reason ?? '', 128),
    message: visible(event.message ?? '', 1024),
    count: event.count ?? 1,
    lastSeen: iso(event.lastTimestamp ?? event.firstTimestamp),
  };
}

async function readWorkload(
  client: KubernetesClient,
  namespace: string,
  owner: PodContext['owner'],
): Promise<FoundContext['workload']> {
  if (owner === null) return null;
  const { kind, name } = owner;
  return calling({ what: `read ${kind} ${namespace}/${name}`, server: client.server }, async () => {
    switch (kind) {
      case 'ReplicaSet': {
        const { spec, status } = await client.apps.readNamespacedReplicaSet({ namespace, name });
        return { kind, name, desired: spec?.replicas ?? 1, ready: status?.readyReplicas ?? 0 };
      }
      case 'StatefulSet': {
        const { spec, status } = await client.apps.readNamespacedStatefulSet({ namespace, name });
        return { kind, name, desired: spec?.replicas ?? 1, ready: status?.readyReplicas ?? 0 };
      }
      case 'DaemonSet': {
        const { status } = await client.apps.readNamespacedDaemonSet({ namespace, name });
        return { kind, name, desired: status?.desiredNumberScheduled ?? 0, ready: status?.numberReady ?? 0 };
      }
      case 'Job': {
        const { spec, status } = await client.batch.readNamespacedJob({ namespace, name });
        return { kind, name, desired: spec?.parallelism ?? 1, ready: status?.ready ?? 0 };
      }
      default:
        return null;
    }
  });
}
