import { factsOf, type QuarantineRecord } from '../../../core/response/record';
import { apiCall, unlessGone } from '../api/errors';
import type { ActionInput } from './action';

/** Why a detached pod would be one too many if its ReplicaSet had it back, or null. */
export async function whySuperfluous(
  { client, context, checked }: ActionInput,
  record: QuarantineRecord,
): Promise<string | null> {
  const { owner: controller } = record.spec;
  if (controller?.kind !== 'ReplicaSet' || factsOf(record).detached !== true) return null;
  const [namespace, { name, uid }] = [context.namespace.name, controller];
  const owner = await unlessGone(() =>
    apiCall({ what: `read ReplicaSet ${namespace}/${name}`, server: client.server }, () =>
      client.apps.readNamespacedReplicaSet({ namespace, name }),
    ),
  );
  if (owner === null) return 'its ReplicaSet no longer exists';
  const [desired, ready] = [owner.spec?.replicas ?? 1, owner.status?.readyReplicas ?? 0];
  checked.push(`ReplicaSet ${namespace}/${name}: ${ready} of ${desired} replicas ready`);
  if (owner.metadata?.uid !== uid) return 'its ReplicaSet was replaced by another of that name';
  return ready >= desired ? 'its replacement is ready' : null;
}
