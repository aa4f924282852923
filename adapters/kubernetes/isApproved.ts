import type { ApprovalNote } from '../../core/decision/decision';
import { PipelineError } from '../../core/errors';
import { approvalName } from '../../core/response/approval';
import type { Action } from '../../core/response/response';
import type { Incident } from '../../core/telemetry/incident';
import { readApproval } from './approvals';
import type { KubernetesClient } from './client';

/** The note of a person's approval of exactly this action on this incident, by our own record; null when there is none. */
export async function isApproved(
  client: KubernetesClient,
  action: Action,
  incident: Incident,
): Promise<ApprovalNote | null> {
  const claimed = incident.decision?.approval;
  if (claimed?.state !== 'Approved') return null;
  const { spec, status } = await readApproval(client, approvalName(incident.alert.id));
  const { target } = incident.alert;
  const same =
    status.state === 'Approved' &&
    status.decision === action &&
    spec.incident === incident.alert.id &&
    spec.pod?.namespace === target?.namespace &&
    spec.pod?.name === target?.pod &&
    (spec.pod?.uid ?? null) === (target?.podUid ?? null);
  if (same) return { ...claimed, by: status.decidedBy ?? 'unknown', at: status.decidedAt ?? claimed.at };
  throw new PipelineError(
    'rejected',
    `the item claims an approval of ${action} that Approval ${approvalName(incident.alert.id)} does not hold`,
    { nextStep: 'Somebody changed the item on its way: look at the workflow.', incidentId: incident.alert.id },
  );
}
