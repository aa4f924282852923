import type { Decision, GuardrailNote } from '../incident/decision';
import { GUARDRAILS } from './guardrails';
import type { PolicyInput } from './guardrails/guardrail';
import { safer } from './strength';

export type { PolicyInput } from './guardrails/guardrail';

/** What policy made of a decision, and which guardrails spoke. */
export interface PolicyVerdict {
  decision: Decision;
  guardrails: GuardrailNote[];
}

/**
 * The last word on a decision: a pure function that can only make it safer. Every guardrail judges what was proposed,
 * not what others made of it, so that the output names all reasons and their order does not matter. A quarantine that is
 * left of a proposed deletion is then judged like one that was proposed: what holds a pod's deletion may not hold the pod.
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
  const notes = GUARDRAILS.flatMap(({ name, liftedByApproval, check }) => {
    if (input.approved && liftedByApproval) return [];
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
