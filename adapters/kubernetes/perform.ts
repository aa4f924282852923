import type { TargetContext } from '../../core/context/context';
import { applyPolicy } from '../../core/decision/policy';
import { isStronger } from '../../core/decision/strength';
import { PipelineError, type PipelineErrorCode } from '../../core/errors';
import { INFRASTRUCTURE_NAMESPACES } from '../../core/names';
import type { ActionResponse, Outcome } from '../../core/response/response';
import type { Incident } from '../../core/telemetry/incident';
import type { ActionDefinition, ActionResult } from './actions/action';
import type { KubernetesClient } from './client';
import { readTarget } from './readTarget';

export interface PerformOptions {
  dryRun: boolean;
  now: () => Date;
}

type Verdict = Pick<ActionResult, 'outcome' | 'reason'>;

/**
 * Carries out one action for one incident: reads the world again, lets policy judge on that reading, acts, reads back.
 * Never throws for what the cluster says; every such end is an outcome, so that a person gets to see it.
 */
export async function perform(
  action: ActionDefinition,
  client: KubernetesClient,
  incident: Incident,
  options: PerformOptions,
): Promise<ActionResponse> {
  const startedAt = options.now().toISOString();
  const changed: string[] = [];
  const { target } = incident.alert;
  const end = (result: ActionResult | Verdict, uid: string | null): ActionResponse => ({
    action: action.name,
    checked: [],
    undo: null,
    ...result,
    changed,
    target: target === null ? null : { namespace: target.namespace, pod: target.pod, uid },
    startedAt,
    completedAt: options.now().toISOString(),
  });

  if (target === null)
    return end(
      { outcome: 'refused', reason: `the target is unknown: ${incident.alert.targetProblem ?? 'not named'}` },
      null,
    );
  const fresh = await readTarget(client, target, options.now());
  const refusal = refuse(action, incident, fresh);
  if (refusal !== null || fresh.status !== 'found')
    return end(refusal ?? { outcome: 'failed', reason: 'the pod was not found' }, target.podUid);
  try {
    const { namespace } = target;
    const result = await action.run({
      client,
      namespace,
      pod: fresh.pod,
      incidentId: incident.alert.id,
      changed,
      ...options,
    });
    return end(result, fresh.pod.uid);
  } catch (error) {
    if (!(error instanceof PipelineError)) throw error;
    return end(
      { outcome: OUTCOME_OF[error.code] ?? 'failed', reason: `${error.message}. ${error.nextStep}` },
      fresh.pod.uid,
    );
  }
}

/** Why the action must not be run, or null. The order matters: a pod that is not there is no matter of policy. */
function refuse(action: ActionDefinition, { alert, decision }: Incident, context: TargetContext): Verdict | null {
  if (context.status === 'unavailable') return { outcome: 'failed', reason: context.detail };
  if (context.status !== 'found') return { outcome: context.status, reason: context.detail };
  const { permittedBy } = action;
  if (permittedBy === null) {
    const { name } = context.namespace;
    return INFRASTRUCTURE_NAMESPACES.has(name)
      ? { outcome: 'refused', reason: `${name} is an infrastructure namespace` }
      : null;
  }
  if (decision !== undefined && isStronger(permittedBy, decision.decision)) {
    return {
      outcome: 'refused',
      reason: `the incident’s decision is ${decision.decision}, which does not permit ${action.name}`,
    };
  }
  const verdict = applyPolicy({ decision: permittedBy, alert, context });
  if (verdict.decision === permittedBy) return null;
  return {
    outcome: 'refused',
    reason: verdict.guardrails.map(({ guardrail, reason }) => `${guardrail}: ${reason}`).join('; '),
  };
}

/** What an error of a running action means for the pod. A conflict is the uid check speaking: another pod bears the name. */
const OUTCOME_OF: Partial<Record<PipelineErrorCode, Outcome>> = {
  forbidden: 'refused',
  rejected: 'refused',
  not_found: 'gone',
  conflict: 'replaced',
};
