/**
 * What quarantine does to the pods of each kind of controller. Removing the labels detaches a pod from Services, from
 * other policies and from its controller; only a ReplicaSet then starts a replacement and leaves the pod alone.
 */
export interface Treatment {
  detach: boolean;
  /** Why the pod stays attached; containment is then partial. */
  reason: string | null;
}

const STAYS = 'its labels stay, so Services and other NetworkPolicies that select it still do';

const TREATMENTS: ReadonlyMap<string, Treatment> = new Map([
  ['ReplicaSet', { detach: true, reason: null }],
  [
    'StatefulSet',
    { detach: false, reason: `a StatefulSet keeps one pod of each name, so no replacement could start: ${STAYS}` },
  ],
  ['DaemonSet', { detach: false, reason: `a DaemonSet runs one pod per node and owns this node's: ${STAYS}` }],
  ['Job', { detach: false, reason: `a Job would count the pod as lost and start another run of its work: ${STAYS}` }],
]);

/** How a pod is treated, by the kind of its controller; null means a bare pod. */
export function treatmentOf(ownerKind: string | null): Treatment {
  if (ownerKind === null) return { detach: false, reason: `a bare pod has no controller to replace it: ${STAYS}` };
  return (
    TREATMENTS.get(ownerKind) ?? { detach: false, reason: `${ownerKind} is not a controller known here: ${STAYS}` }
  );
}
