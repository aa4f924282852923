import type { Decision } from '../incident/decision';
import type { Action } from '../incident/response';
import type { FoundContext } from '../incident/context';
import type { ResponseMode } from '../incident/mode';
import { applyPolicy } from './policy';
import type { Refusal } from './refusal';
import { refuseRelease } from './release';
import { isStronger } from './strength';
import type { Incident } from '../incident/incident';

/** An action and the decision that permits it; null for an action that ends containment, which has its own rules. */
export interface PermittedAction {
  name: Action;
  permittedBy: Extract<Decision, 'delete_pod' | 'quarantine_pod'> | null;
}

/** Why an action must not be run given this state of the cluster, or null. */
export function refuseAction(
  action: PermittedAction,
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
