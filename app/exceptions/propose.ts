import { PipelineError } from '../../core/errors';
import { readIncident } from '../../core/incident/incident';
import {
  applyCommand,
  type ExceptionManifest,
  type ExceptionWish,
  proposedException,
} from '../../core/policy/exceptions/propose';
import type { Approval } from '../../core/response/approval';
import { keptItem } from '../../core/response/decidedItem';
import type { Cluster } from '../ports';

/** An exception that nobody has applied yet, and how to. */
export interface ProposedException {
  manifest: ExceptionManifest;
  command: string;
}

/**
 * The exception that goes with the verdict *false positive* on an incident. It is text: only a person whom RBAC allows to
 * applies it, so that neither this process nor its token can silence anything.
 * @throws PipelineError `rejected` for an Approval that is no false positive, and for what policy holds anyway
 */
export async function proposeException(
  cluster: Pick<Cluster, 'readApproval'>,
  approvalName: string,
  wish: Omit<ExceptionWish, 'owner'> & { owner: string | null },
  now: Date,
): Promise<ProposedException> {
  const approval = await cluster.readApproval(approvalName);
  const decidedBy = falsePositiveBy(approval);
  if (decidedBy === null)
    throw new PipelineError('rejected', `incident ${approval.spec.incident} was not decided as a false positive`, {
      nextStep: 'Decide it first: ignore it, or release its pod.',
      incidentId: approval.spec.incident,
    });
  const { alert, context } = readIncident(keptItem(approval));
  const manifest = proposedException(alert, context, { ...wish, owner: wish.owner ?? decidedBy }, now);
  return { manifest, command: applyCommand(manifest) };
}

/** Who called it a false positive, by our own record; null when nobody did. */
function falsePositiveBy({ status }: Approval): string | null {
  if (status.state !== 'Approved') return null;
  return status.decision === 'ignore' || status.decision === 'release_pod' ? status.decidedBy : null;
}
