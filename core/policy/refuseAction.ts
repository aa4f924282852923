import { type Action, ACTION_FACTS } from '../incident/actions';
import type { FoundContext } from '../incident/context';
import type { ResponseMode } from '../incident/mode';
import { applyPolicy } from './policy';
import type { Refusal } from './refusal';
import { refuseRelease } from './release';
import { isStronger } from './strength';
import type { Incident } from '../incident/incident';

/** Why an action must not be run given this state of the cluster, or null. */
export function refuseAction(
  action: Action,
  { alert, decision }: Incident,
  context: FoundContext,
  { mode, approved }: { mode: ResponseMode; approved: boolean },
): Refusal | null {
  const { permittedBy } = ACTION_FACTS[action];
  if (permittedBy === null) return refuseRelease({ alert, decision, context, mode, approved });
  if (decision !== undefined && isStronger(permittedBy, decision.decision))
    return {
      reason: `the incident's decision is ${decision.decision}, which does not permit ${action}`,
      guardrails: [],
    };
  const verdict = applyPolicy({
    decision: permittedBy,
    confidence: approved ? null : (decision?.confidence ?? null),
    alert,
    context,
    mode,
    approved,
  });
  if (verdict.decision === permittedBy) return null;
  return {
    reason: verdict.guardrails.map(({ guardrail, reason }) => `${guardrail}: ${reason}`).join('; '),
    guardrails: verdict.guardrails.map(({ guardrail }) => guardrail),
  };
}
