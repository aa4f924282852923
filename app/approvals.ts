import { PipelineError } from '../core/errors';
import { sanitize } from '../core/text/sanitize';
import { type Approval, type Choice, chosen, type DecidedStatus } from '../core/response/approval';
import { isOver, namedPods } from '../core/response/approvalPods';
import { laterSpec } from '../core/response/laterSpec';
import { changeApproval } from './changeApproval';
import type { Cluster } from './ports';
import { joinApproval } from './requestApproval';

type ApprovalStore = Pick<Cluster, 'readApproval' | 'requestApproval' | 'waitingApprovals' | 'writeApproval'>;

/** What a person decides, and on how many of the Approval's pods: those that they were shown, from the first on. */
export interface Verdict {
  choice: Choice;
  by: string;
  via: 'form' | 'link';
  /** Undefined for a page that did not say: then for the first pod only. */
  shown?: number | undefined;
}

export interface Decided {
  approval: Approval;
  /** The Approval of the pods that joined after the person was shown the others; null when none did. */
  later: Approval | null;
}

/**
 * Takes a person's decision, once: the API server lets nobody change a decision. It holds for the pods that the person was
 * shown; what joined since waits as another Approval, which is there before the decision is.
 * @throws PipelineError `conflict` when it was decided before or its time is over, `not_found` without such an Approval
 */
export async function decideApproval(
  cluster: ApprovalStore,
  name: string,
  verdict: Verdict,
  now: Date,
): Promise<Decided> {
  let later: Approval | null = null;
  const approval = await changeApproval<never>(cluster, await cluster.readApproval(name), async (current) => {
    const { status } = current;
    if (status.state !== undefined)
      throw refused(current, `was decided already: ${status.state} by ${sanitize(status.decidedBy, 256)}`);
    if (isOver(current, now)) {
      await expire(cluster, current, now);
      throw refused(current, 'can no longer be decided: its time is over');
    }
    const decided = decidedStatus(current, verdict, now);
    for (const pod of namedPods(current).slice(decided.decidedPods)) {
      if (pod.joined !== null)
        later = await joinApproval(cluster, laterSpec(current, { ...pod, joined: pod.joined }, now), pod.joined, now);
    }
    return { status: decided };
  });
  return { approval, later };
}

/** @throws PipelineError `rejected` when the choice is not possible */
function decidedStatus(approval: Approval, { choice, by, via, shown }: Verdict, now: Date) {
  const outcome = chosen(choice, proposalOf(approval));
  const { incident } = approval.spec;
  if (typeof outcome === 'string')
    throw new PipelineError('rejected', `incident ${incident}: ${outcome}`, {
      nextStep: 'Open the page again and choose delete, quarantine, release or ignore.',
      incidentId: incident,
    });
  const named = namedPods(approval).length;
  const decidedPods = shown ?? Math.min(1, named);
  if (!Number.isSafeInteger(decidedPods) || decidedPods < fewest(approval) || decidedPods > named)
    throw new PipelineError(
      'rejected',
      `incident ${incident}: nobody can have been shown ${decidedPods} of its ${named} pods`,
      {
        nextStep: 'Import the approval workflows of this version, then open the page again.',
        incidentId: incident,
      },
    );
  const { pods, priority } = approval.status;
  return {
    ...outcome,
    decidedBy: by,
    via,
    decidedAt: now.toISOString(),
    decidedPods,
    pods,
    priority,
  } satisfies DecidedStatus;
}

/** A page about a pod shows it; others may join an incident that is about no pod. */
function fewest({ spec }: Approval): number {
  return spec.pod === undefined ? 0 : 1;
}

/** Ends the waiting of what nobody decided in time; the pods stay as they are. */
export async function expireApprovals(cluster: ApprovalStore, now: Date): Promise<Approval[]> {
  const over = (await cluster.waitingApprovals()).filter((approval) => isOver(approval, now));
  const expired = await Promise.all(over.map((approval) => expire(cluster, approval, now)));
  return expired.filter((approval) => approval !== null);
}

/** Null when somebody decided at the last moment. */
function expire(cluster: ApprovalStore, approval: Approval, now: Date): Promise<Approval | null> {
  return changeApproval<null>(cluster, approval, ({ status }) => {
    if (status.state !== undefined) return { result: null };
    const { pods, priority } = status;
    const over = { state: 'Expired', decidedBy: 'timeout', via: 'timeout', decidedAt: now.toISOString() } as const;
    return { status: { ...over, pods, priority } };
  });
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
