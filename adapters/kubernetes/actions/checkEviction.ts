import { PipelineError } from '../../../core/errors';
import type { EvictionCheck } from '../../../core/response/approvalNow';
import type { KubernetesClient } from '../api/client';
import { apiCall } from '../api/errors';
import { evictionOf } from './evictPod';

/** Has the API server check an eviction of exactly this pod, which only PodDisruptionBudgets forbid. Nothing is changed. */
export async function checkEviction(
  client: KubernetesClient,
  namespace: string,
  name: string,
  uid: string,
): Promise<EvictionCheck> {
  try {
    await apiCall({ what: `check an eviction of pod ${namespace}/${name}`, server: client.server }, () =>
      client.core.createNamespacedPodEviction({ namespace, name, body: evictionOf(namespace, name, uid, true) }),
    );
    return 'allowed';
  } catch (error) {
    if (!(error instanceof PipelineError)) throw error;
    return error.message.includes("violate the pod's disruption budget") ? 'forbidden' : 'unknown';
  }
}
