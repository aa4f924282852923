import type { Decision, GuardrailNote } from '../incident/decision';
import { GUARDRAILS } from './guardrails';
import type { PolicyInput } from './guardrails/guardrail';
import { safer } from './strength';

export type { PolicyInput } from './guardrails/guardrail';

/** The decision after the decision policy, and the guardrails that apply. */
interface PolicyVerdict {
  decision: Decision;
  guardrails: GuardrailNote[];
}

/**
 * The last word on a decision: a pure function that can only make it safer. Every guardrail judges the original
 * proposal, not the result of the others, so that the output names all reasons and their order does not matter. If a
 * proposed deletion is lowered to a quarantine, that quarantine is then judged like a proposed one, because a guardrail
 * that allows the deletion may not allow the quarantine.
 */
export function applyPolicy(input: PolicyInput): PolicyVerdict {
  const verdict = judge(input);
  if (verdict.decision === input.decision || verdict.decision !== 'quarantine_pod') return verdict;
  const lowered = judge({ ...input, decision: 'quarantine_pod' });
  const named = new Set(verdict.guardrails.map(({ guardrail }) => guardrail));
  return {
    decision: lowered.decision,
    guardrails: [...verdict.guardrails, ...lowered.guardrails.filter(({ guardrail }) => !named.has(guardrail))],
  };
}

function judge(input: PolicyInput): PolicyVerdict {
  const notes = GUARDRAILS.flatMap(({ name, liftedByApproval, liftedByException, check }) => {
    if (input.approved && liftedByApproval) return [];
    if (input.excepted === true && liftedByException === true) return [];
    const found = check(input);
    if (found === null) return [];
    const to = safer(input.decision, found.ceiling);
    return to === input.decision ? [] : [{ guardrail: name, from: input.decision, to, reason: found.reason }];
  });
  const decision = notes.reduce<Decision>(
    (safest, { to }) => (to === 'escalate' ? 'escalate' : safer(safest, 'quarantine_pod')),
    input.decision,
  );
  return { decision, guardrails: notes };
}
