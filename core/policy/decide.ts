import type { Alert } from '../incident/alert';
import type { ModelRun } from '../incident/modelRun';
import type { TargetContext } from '../incident/context';
import type { ResponseMode } from '../incident/mode';
import type { DecisionRecord, Proposal } from '../incident/decision';
import { applyPolicy } from './policy';
import { sensorMessage } from './sensorMessage';

export interface DecideInput {
  proposal: Proposal;
  alert: Alert;
  context: TargetContext | undefined;
  /** What the workflow allows at most. */
  mode: ResponseMode;
  run: ModelRun;
  now: Date;
}

/** What its source says is over starts nothing. Whether it had been an attack, nobody has judged by that. */
const RESOLVED: Proposal = {
  decision: 'ignore',
  classification: 'needs_review',
  confidence: 1,
  reason:
    'Resolved at source: the alert is over, so that nothing is started. What was done or asked when it began stays as it is.',
};

/** Makes a decision of a proposal: policy has the last word, and the record says what it changed. */
export function decide({ proposal, alert, context, mode, run, now }: DecideInput): DecisionRecord {
  const settled = alert.status === 'resolved' ? RESOLVED : sensorMessage(alert);
  if (settled !== null) return { ...settled, proposal: settled, guardrails: [], decidedAt: now.toISOString(), run };
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
