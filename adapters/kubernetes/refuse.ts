import type { FoundContext } from '../../core/context/context';
import type { ResponseMode } from '../../core/context/mode';
import { playbookFloor } from '../../core/decision/guardrails/playbookFloor';
import { applyPolicy } from '../../core/decision/policy';
import { isStronger } from '../../core/decision/strength';
import { INFRASTRUCTURE_NAMESPACES } from '../../core/names';
import type { Incident } from '../../core/telemetry/incident';
import type { ActionDefinition } from './actions/action';

export interface Refusal {
  reason: string;
  guardrails: string[];
}

/** Why an action must not be run on this reading of the world, or null. */
export function refuse(
  action: ActionDefinition,
  { alert, decision }: Incident,
  context: FoundContext,
  { mode, approved }: { mode: ResponseMode; approved: boolean },
): Refusal | null {
  if (action.permittedBy === null) return refuseRelease({ alert, decision }, context, { mode, approved });
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

/** Release needs a person, or a false positive of a rule that the playbook does not contain by itself. */
function refuseRelease(
  { alert, decision }: Pick<Incident, 'alert' | 'decision'>,
  context: FoundContext,
  { mode, approved }: { mode: ResponseMode; approved: boolean },
): Refusal | null {
  if (INFRASTRUCTURE_NAMESPACES.has(context.namespace.name))
    return {
      reason: `${context.namespace.name} is an infrastructure namespace`,
      guardrails: ['infrastructure_namespace'],
    };
  // Without a decision a person runs the node; the node asks for one unless it was told not to.
  if (decision === undefined || approved) return null;
  if (decision.decision !== 'ignore' || decision.classification !== 'false_positive')
    return {
      reason: `release needs a person’s approval or a false positive; the incident’s decision is ${decision.decision} (${decision.classification})`,
      guardrails: ['release'],
    };
  const { confidence } = decision;
  const lowered = playbookFloor.check({ decision: 'ignore', confidence, alert, context, mode, approved });
  return lowered === null ? null : { reason: lowered.reason, guardrails: [playbookFloor.name] };
}
