import { PipelineError } from '../core/errors';
import { type Approval, type Choice, chosen, type DecidedStatus } from '../core/response/approval';
import { approvalSpec, type WaitingIncident } from '../core/response/approvalItem';
import type { Cluster } from './ports';

type ApprovalStore = Pick<Cluster, 'readApproval' | 'waitingApprovals' | 'writeApproval'>;

interface Verdict {
  choice: Choice;
  by: string;
  via: 'form' | 'link';
}

/** Puts an incident before a person, for as long as the ResponsePolicy says. A second request gives the first Approval. */
export async function requestApproval(
  cluster: Pick<Cluster, 'readConfiguration' | 'requestApproval'>,
  incident: WaitingIncident,
  now: Date,
): Promise<Approval> {
  const { approvalHours } = await cluster.readConfiguration();
  return cluster.requestApproval(approvalSpec(incident, approvalHours, now));
}

/**
 * Takes a person's decision, once: the API server lets nobody set an Approval's status a second time.
 * @throws PipelineError `conflict` when it was decided before or its time is over, `not_found` without such an Approval
 */
export async function decideApproval(
  cluster: ApprovalStore,
  name: string,
  verdict: Verdict,
  now: Date,
): Promise<Approval> {
  const approval = await cluster.readApproval(name);
  const { status } = approval;
  if (status.state !== undefined)
    throw refused(approval, `was decided already: ${status.state} by ${status.decidedBy}`);
  if (isOver(approval, now)) {
    await expire(cluster, approval, now);
    throw refused(approval, 'can no longer be decided: its time is over');
  }
  const outcome = chosen(verdict.choice, proposalOf(approval));
  if (typeof outcome === 'string')
    throw new PipelineError('rejected', `incident ${approval.spec.incident}: ${outcome}`, {
      nextStep: 'Open the page again and choose delete, quarantine, release or ignore.',
      incidentId: approval.spec.incident,
    });
  const { by: decidedBy, via } = verdict;
  return write(cluster, approval, { ...outcome, decidedBy, via, decidedAt: now.toISOString() });
}

/** Ends the waiting of what nobody decided in time; the pods stay as they are. */
export async function expireApprovals(cluster: ApprovalStore, now: Date): Promise<Approval[]> {
  const over = (await cluster.waitingApprovals()).filter((approval) => isOver(approval, now));
  const expired = await Promise.all(over.map((approval) => expire(cluster, approval, now)));
  return expired.filter((approval) => approval !== null);
}

async function expire(cluster: ApprovalStore, approval: Approval, now: Date): Promise<Approval | null> {
  try {
    return await write(cluster, approval, {
      state: 'Expired',
      decidedBy: 'timeout',
      via: 'timeout',
      decidedAt: now.toISOString(),
    });
  } catch (error) {
    // Somebody decided at the last moment.
    if (error instanceof PipelineError && error.code === 'conflict') return null;
    throw error;
  }
}

async function write(cluster: ApprovalStore, approval: Approval, status: DecidedStatus): Promise<Approval> {
  try {
    return await cluster.writeApproval(approval, status);
  } catch (error) {
    if (error instanceof PipelineError && (error.code === 'conflict' || error.code === 'rejected'))
      throw refused(approval, 'was decided already, by somebody else at the same moment');
    throw error;
  }
}

function isOver({ spec }: Approval, now: Date): boolean {
  return Date.parse(spec.expiresAt) <= now.getTime();
}

function refused({ spec }: Approval, why: string): PipelineError {
  return new PipelineError('conflict', `incident ${spec.incident} ${why}`, {
    nextStep: 'Nothing more to do: kubectl get approvals -n n8n shows what was decided.',
    incidentId: spec.incident,
  });
}

function proposalOf({
  spec,
}: Approval): { decision: 'delete_pod' | 'quarantine_pod' | 'ignore' | 'escalate' } | undefined {
  const decision = (['delete_pod', 'quarantine_pod', 'ignore'] as const).find(
    (name) => name === spec.proposal?.decision,
  );
  return decision === undefined ? undefined : { decision };
}
