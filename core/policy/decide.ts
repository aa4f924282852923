import type { Alert } from '../incident/alert';
import type { ModelRun } from '../incident/modelRun';
import type { TargetContext } from '../incident/context';
import type { ResponseMode } from '../incident/mode';
import type { DecisionRecord, Proposal } from '../incident/decision';
import { decidingException, exceptedProposal } from './exceptions/apply';
import { applyPolicy } from './policy';
import { sensorMessage } from './sensorMessage';

interface DecideInput {
  proposal: Proposal;
  alert: Alert;
  context: TargetContext | undefined;
  /** The most that the workflow allows. */
  mode: ResponseMode;
  run: ModelRun;
  now: Date;
}

/** Alerts that their source reports as resolved start nothing. This does not judge whether it was an attack. */
const RESOLVED: Proposal = {
  decision: 'ignore',
  classification: 'needs_review',
  confidence: 1,
  reason: 'Resolved at source: nothing is started. Actions and requests from when the alert fired stay as they are.',
};

/**
 * Makes a decision from a proposal: the decision policy has the last word, and the record names what it changed. Where a
 * person's exception counts, it is the proposal.
 */
export function decide({ proposal, alert, context, mode, run, now }: DecideInput): DecisionRecord {
  const predetermined = alert.status === 'resolved' ? RESOLVED : sensorMessage(alert);
  if (predetermined !== null)
    return { ...predetermined, proposal: predetermined, guardrails: [], decidedAt: now.toISOString(), run };
  const exception = decidingException(alert, context, now);
  if (exception !== null) {
    const excepted = exceptedProposal(exception);
    const decidedAt = now.toISOString();
    return { ...excepted, proposal: excepted, guardrails: [], decidedAt, run, exception: exception.name };
  }
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
    // A proposal that policy did not allow is not a verified finding for statistics.
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
