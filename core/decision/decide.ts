import type { Alert } from '../alert/alert';
import type { ModelRun } from '../analysis/run';
import type { TargetContext } from '../context/context';
import type { DecisionRecord, Proposal } from './decision';
import { applyPolicy } from './policy';

/** Makes a decision of a proposal: policy has the last word, and the record says what it changed. */
export function decide(
  proposal: Proposal,
  alert: Alert,
  context: TargetContext | undefined,
  run: ModelRun,
  now: Date,
): DecisionRecord {
  const { decision, guardrails } = applyPolicy({ decision: proposal.decision, alert, context });
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
