import type { V1Namespace, V1Pod } from '@kubernetes/client-node';

import type { Target } from '../../core/alert/alert';
import {
  isQuarantined,
  type PodContext,
  responseMode,
  type TargetContext,
  type FoundContext,
} from '../../core/context/context';
import { PipelineError } from '../../core/errors';
import type { KubernetesClient } from './client';
import { calling } from './errors';
import type { Right } from './rights';

export const READ_TARGET_RIGHTS: readonly Right[] = [
  { apiGroup: '', resource: 'pods', verb: 'get' },
  { apiGroup: '', resource: 'namespaces', verb: 'get' },
];

/**
 * Reads the pod and its namespace: all that policy needs. Two calls, side by side.
 */
export async function readTarget(client: KubernetesClient, target: Target, now: Date): Promise<TargetContext> {
  const readAt = now.toISOString();
  const { namespace, pod: name } = target;
  try {
    const [pod, owner] = await Promise.all([
      readPod(client, namespace, name),
      calling({ what: `read namespace ${namespace}`, server: client.server }, () =>
        client.core.readNamespace({ name: namespace }),
      ),
    ]);
    const context = found(pod, owner, readAt);
    if (target.podUid !== null && target.podUid !== context.pod.uid) {
      return {
        status: 'replaced',
        readAt,
        detail: `the live pod has uid ${context.pod.uid}, the alert’s had ${target.podUid}`,
      };
    }
    return context;
  } catch (error) {
    if (!(error instanceof PipelineError)) throw error;
    const status = error.code === 'not_found' ? 'gone' : 'unavailable';
    return { status, readAt, detail: `${error.message}. ${error.nextStep}` };
  }
}

function found(pod: PodContext, namespace: V1Namespace, readAt: string): FoundContext {
  return {
    status: 'found',
    readAt,
    pod,
    namespace: { name: namespace.metadata?.name ?? '', mode: responseMode(namespace.metadata?.labels ?? {}) },
    workload: null,
    events: [],
    missing: [],
  };
}

/** Reads one pod as it is now. @throws PipelineError `not_found` when there is none of that name */
export async function readPod(client: KubernetesClient, namespace: string, name: string): Promise<PodContext> {
  return podContext(
    await calling({ what: `read pod ${namespace}/${name}`, server: client.server }, () =>
      client.core.readNamespacedPod({ namespace, name }),
    ),
  );
}

function podContext({ metadata, spec, status }: V1Pod): PodContext {
  const labels = metadata?.labels ?? {};
  const owner = metadata?.ownerReferences?.find(({ controller }) => controller === true);
  return {
    name: metadata?.name ?? '',
    uid: metadata?.uid ?? '',
    createdAt: iso(metadata?.creationTimestamp) ?? '',
    phase: status?.phase ?? 'Unknown',
    deletingSince: iso(metadata?.deletionTimestamp),
    node: spec?.nodeName ?? null,
    serviceAccount: spec?.serviceAccountName ?? null,
    labels,
    quarantined: isQuarantined(labels),
    hostNetwork: spec?.hostNetwork ?? false,
    owner: owner === undefined ? null : { kind: owner.kind, name: owner.name, uid: owner.uid },
  };
}

/** The client gives times as Date objects; items hold ISO 8601. */
export function iso(time: Date | undefined): string | null {
  return time === undefined ? null : time.toISOString();
}
