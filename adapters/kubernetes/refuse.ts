import type { FoundContext } from '../../core/incident/context';
import type { ResponseMode } from '../../core/incident/mode';
import { applyPolicy } from '../../core/policy/policy';
import type { Refusal } from '../../core/policy/refusal';
import { refuseRelease } from '../../core/policy/release';
import { isStronger } from '../../core/policy/strength';
import type { Incident } from '../../core/incident/incident';
import type { ActionDefinition } from './actions/action';

/** Why an action must not be run on this reading of the world, or null. */
export function refuse(
  action: ActionDefinition,
  { alert, decision }: Incident,
  context: FoundContext,
  { mode, approved }: { mode: ResponseMode; approved: boolean },
): Refusal | null {
  if (action.permittedBy === null) return refuseRelease({ alert, decision, context, mode, approved });
  if (decision !== undefined && isStronger(action.permittedBy, decision.decision))
    return {
      reason: `the incident’s decision is ${decision.decision}, which does not permit ${action.name}`,
      guardrails: [],
    };
  const verdict = applyPolicy({
    decision: action.permittedBy,
    confidence: approved ? null : (decision?.confidence ?? null),
    alert,
    context,
    mode,
    approved,
  });
  if (verdict.decision === action.permittedBy) return null;
  return {
    reason: verdict.guardrails.map(({ guardrail, reason }) => `${guardrail}: ${reason}`).join('; '),
    guardrails: verdict.guardrails.map(({ guardrail }) => guardrail),
  };
}
