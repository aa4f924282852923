import type { ApprovalNote } from '../core/incident/decision';
import { hasCode, PipelineError } from '../core/errors';
import { decidedPod } from '../core/response/approvalPods';
import type { Action } from '../core/incident/actions';
import type { Incident } from '../core/incident/incident';
import type { Cluster } from './ports';

interface Approved {
  note: ApprovalNote;
  /** The uid of the pod that the person decided on; null when it was not known. */
  podUid: string | null;
}

/**
 * A person's approval of exactly this action on this incident's pod, by our own record; null when there is none. The
 * record says on which of its pods the person decided: what joined later is not among them.
 */
export async function verifyApproval(
  cluster: Pick<Cluster, 'readApproval'>,
  action: Action,
  { alert, decision }: Incident,
): Promise<Approved | null> {
  const claimed = decision?.approval;
  if (claimed?.state !== 'Approved' || alert.target === null) return null;
  const approval = await cluster.readApproval(claimed.name).catch(absent);
  if (
    approval?.status.state === 'Approved' &&
    approval.status.decision === action &&
    approval.spec.incident === alert.id
  ) {
    const { decidedBy: by, decidedAt: at = claimed.at } = approval.status;
    const pod = decidedPod(approval, alert.target);
    if (pod !== null) return { note: { ...claimed, by, at }, podUid: pod.uid };
  }
  throw new PipelineError(
    'rejected',
    `the item claims an approval of ${action} that Approval ${claimed.name} does not hold`,
    {
      nextStep: 'Somebody changed the item on its way: look at the workflow.',
      incidentId: alert.id,
    },
  );
}

/** An Approval that is not there must not look like a pod that is gone. */
function absent(error: unknown): null {
  if (hasCode(error, 'not_found')) return null;
  throw error;
}
