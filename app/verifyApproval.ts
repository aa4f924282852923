import type { ApprovalNote } from '../core/incident/decision';
import { PipelineError } from '../core/errors';
import { approvalKey, approvalName } from '../core/response/approval';
import type { Action } from '../core/incident/actions';
import type { Incident } from '../core/incident/incident';
import type { Cluster } from './ports';

interface Approved {
  note: ApprovalNote;
  /** The uid of the pod that the person decided on; null when it was not known. */
  podUid: string | null;
}

/** A person's approval of exactly this action on this incident, by our own record; null when there is none. */
export async function verifyApproval(
  cluster: Pick<Cluster, 'readApproval'>,
  action: Action,
  incident: Incident,
): Promise<Approved | null> {
  const claimed = incident.decision?.approval;
  if (claimed?.state !== 'Approved') return null;
  const name = approvalName(approvalKey(incident.alert));
  const { spec, status } = await cluster.readApproval(name);
  const { target } = incident.alert;
  const podUid = spec.pod?.uid ?? null;
  const same =
    status.state === 'Approved' &&
    status.decision === action &&
    spec.incident === incident.alert.id &&
    spec.pod?.namespace === target?.namespace &&
    spec.pod?.name === target?.pod &&
    // An alert without a uid was bound to one, where the pod was known, when the person was asked.
    (target?.podUid === null || target?.podUid === undefined || podUid === target.podUid);
  if (same) return { note: { ...claimed, by: status.decidedBy, at: status.decidedAt ?? claimed.at }, podUid };
  throw new PipelineError('rejected', `the item claims an approval of ${action} that Approval ${name} does not hold`, {
    nextStep: 'Somebody changed the item on its way: look at the workflow.',
    incidentId: incident.alert.id,
  });
}
