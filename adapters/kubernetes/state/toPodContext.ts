import type { V1ObjectMeta, V1Pod } from '@kubernetes/client-node';

import { bypasses } from '../../../core/context/bypasses';
import { isMarked, type PodContext } from '../../../core/incident/context';

/** Set by kubelet on the API server's copy of a static pod (kubernetes.io, well-known annotations). */
const MIRROR = 'kubernetes.io/config.mirror';

/** What is kept of a pod, as the client read it or as a watch sent it. */
export function toPodContext({ metadata, spec, status }: V1Pod): PodContext {
  const labels = metadata?.labels ?? {};
  const annotations = metadata?.annotations ?? {};
  return {
    name: metadata?.name ?? '',
    uid: metadata?.uid ?? '',
    resourceVersion: metadata?.resourceVersion ?? '',
    createdAt: iso(metadata?.creationTimestamp) ?? '',
    phase: status?.phase ?? 'Unknown',
    ready: status?.conditions?.some(({ type, status: value }) => type === 'Ready' && value === 'True') ?? false,
    deletingSince: iso(metadata?.deletionTimestamp),
    node: spec?.nodeName ?? null,
    serviceAccount: spec?.serviceAccountName ?? null,
    labels,
    annotations: ownAnnotations(annotations),
    marked: isMarked(labels),
    mirror: MIRROR in annotations,
    hostNetwork: spec?.hostNetwork ?? false,
    bypasses: bypasses(spec, annotations),
    owner: controllerOf(metadata),
  };
}

export function controllerOf(metadata: V1ObjectMeta | undefined): PodContext['owner'] {
  const owner = metadata?.ownerReferences?.find(({ controller }) => controller === true);
  if (owner === undefined) return null;
  const { kind, name, uid } = owner;
  return { kind: bounded(kind), name: bounded(name), uid: bounded(uid) };
}

/** Kubernetes asks of an owner's texts only that there are some, so that a pod's author may write a book there. */
const LONGEST_OWNER = 1000;

/** By characters: half of one is no text that the API server takes. */
function bounded(text: string): string {
  return text.length <= LONGEST_OWNER
    ? text
    : Array.from(text.slice(0, 2 * LONGEST_OWNER))
        .slice(0, LONGEST_OWNER)
        .join('');
}

/** Other annotations are long, may hold secrets, and are nobody's business here. */
function ownAnnotations(annotations: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(annotations).filter(([key]) => key.startsWith('security/')));
}

/** Calls give times as Date objects, watches as text; items hold ISO 8601. */
export function iso(time: Date | string | undefined | null): string | null {
  return time === undefined || time === null ? null : new Date(time).toISOString();
}
