import type { V1Pod } from '@kubernetes/client-node';

import type { Target } from '../../../core/incident/alert';
import { SUBJECT_LIMITS } from '../../../core/incident/subject';
import type { ObservedPod } from '../../../core/policy/exceptions/match';
import { sanitize } from '../../../core/text/sanitize';
import type { KubernetesClient } from '../api/client';
import { apiCall } from '../api/errors';
import { namespaceWatches } from '../api/watch/watches';
import { isClosed } from './incidentSubject';
import { loadTopOwner } from './readWorkload';

/** What the API server says of an alert's pod, to which an exception is bound; null when the pod is gone or another one. */
export async function observePod(client: KubernetesClient, target: Target): Promise<ObservedPod | null> {
  const { namespace, pod, podUid, container } = target;
  if (isClosed(client, namespace)) return null;
  const { metadata, spec } = await podOf(client, target);
  if (podUid === null || metadata?.uid !== podUid) return null;
  const owner = (await loadTopOwner(client, target)) ?? { kind: 'Pod', name: pod };
  return {
    uid: podUid,
    namespace,
    workload: { kind: sanitize(owner.kind, SUBJECT_LIMITS.kind), name: sanitize(owner.name, SUBJECT_LIMITS.name) },
    image: imageOf(spec, container),
  };
}

/** A watch that can be trusted has every pod that there is: of one that is gone nothing is to be read. */
async function podOf(client: KubernetesClient, { namespace, pod }: Target): Promise<V1Pod> {
  const listed = namespaceWatches(client, namespace).pods.list()?.value;
  if (listed !== undefined) return listed.find(({ metadata }) => metadata?.name === pod) ?? {};
  return apiCall({ what: `read pod ${namespace}/${pod}`, server: client.server }, () =>
    client.core.readNamespacedPod({ namespace, name: pod }),
  );
}

/** Of the container that the alert names; of a pod with one container, that one's. */
function imageOf(spec: V1Pod['spec'], container: string | null): string | null {
  const all = [...(spec?.containers ?? []), ...(spec?.initContainers ?? []), ...(spec?.ephemeralContainers ?? [])];
  const found =
    container === null ? (all.length === 1 ? all[0] : undefined) : all.find(({ name }) => name === container);
  return found?.image ?? null;
}
