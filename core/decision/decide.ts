import type { Alert } from '../alert/alert';
import type { ModelRun } from '../analysis/run';
import type { TargetContext } from '../context/context';
import type { ResponseMode } from '../context/mode';
import type { DecisionRecord, Proposal } from './decision';
import { applyPolicy } from './policy';

export interface DecideInput {
  proposal: Proposal;
  alert: Alert;
  context: TargetContext | undefined;
  /** What the workflow allows at most. */
  mode: ResponseMode;
  run: ModelRun;
  now: Date;
}

/** Makes a decision of a proposal: policy has the last word, and the record says what it changed. */
export function decide({ proposal, alert, context, mode, run, now }: DecideInput): DecisionRecord {
  const { decision, guardrails } = applyPolicy({
    decision: proposal.decision,
    confidence: proposal.confidence,
    alert,
    context,
    mode,
    approved: false,
  });
  const lowered = decision !== proposal.decision;
  return {
    decision,
    // A proposal that policy did not let through is not a finding that statistics may count as settled.
    classification: lowered && decision === 'escalate' ? 'needs_review' : proposal.classification,
    confidence: proposal.confidence,
    reason: lowered
      ? `${proposal.reason} Policy: ${guardrails.map(({ reason }) => reason).join('; ')}.`
      : proposal.reason,
    proposal,
    guardrails,
    decidedAt: now.toISOString(),
    run,
  };
}
