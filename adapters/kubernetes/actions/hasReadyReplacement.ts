import { PipelineError } from '../../../core/errors';
import { factsOf, type QuarantineRecord } from '../../../core/response/record';
import { apiCall } from '../api/errors';
import type { ActionInput } from './action';

/** Whether a detached pod's ReplicaSet has all its replicas again, or is itself a thing of the past. */
export async function hasReadyReplacement(
  { client, context, checked }: ActionInput,
  record: QuarantineRecord,
): Promise<boolean> {
  const { owner: controller } = record.spec;
  if (controller?.kind !== 'ReplicaSet' || factsOf(record).detached !== true) return false;
  const [namespace, { name, uid }] = [context.namespace.name, controller];
  try {
    const owner = await apiCall({ what: `read ReplicaSet ${namespace}/${name}`, server: client.server }, () =>
      client.apps.readNamespacedReplicaSet({ namespace, name }),
    );
    const [desired, ready] = [owner.spec?.replicas ?? 1, owner.status?.readyReplicas ?? 0];
    checked.push(`ReplicaSet ${namespace}/${name}: ${ready} of ${desired} replicas ready`);
    return owner.metadata?.uid !== uid || ready >= desired;
  } catch (error) {
    if (error instanceof PipelineError && error.code === 'not_found') return true;
    throw error;
  }
}
