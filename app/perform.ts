import type { Target } from '../core/incident/alert';
import type { TargetContext } from '../core/incident/context';
import { PipelineError } from '../core/errors';
import { outcomeOf } from '../core/response/outcomeOf';
import { type Action, ACTION_FACTS } from '../core/incident/actions';
import type { ActionResponse } from '../core/incident/response';
import type { Incident } from '../core/incident/incident';
import type { ActionInput, ActionOptions, ActionResult, Freshness } from './action';
import { whoDecided } from '../core/response/decidedBy';
import { afterPause, isOutage } from './outage';
import { recordIfBudgetExceeded } from './budgetEvents';
import { verifyApproval } from './verifyApproval';
import type { Cluster } from './ports';
import { podIdentity } from '../core/policy/guardrails/podIdentity';
import { refuseAction } from '../core/policy/refuseAction';
import { withinBudget } from './withinBudget';

/** How often an action starts because the pod changed between the reading and the change. */
const ATTEMPTS = 4;

/** A name is not enough: another pod may have it by now. */
const WITHOUT_UID = {
  reason: 'the Approval names no pod uid, so it is unknown which pod was meant: act on the pod by hand',
  guardrails: [podIdentity.name],
};

/**
 * Carries out one action for one incident: reads the world again, lets policy judge on that reading, takes a unit of the
 * budget, acts, reads back. A change carries the version that was judged; if the pod is another by then, all of it starts
 * over. Never throws for what the cluster says; every such end is an outcome, so that a person gets to see it.
 */
export async function perform(
  name: Action,
  cluster: Cluster,
  incident: Incident,
  options: ActionOptions,
): Promise<ActionResponse> {
  const action = ACTION_FACTS[name];
  const startedAt = options.now().toISOString();
  const began = performance.now();
  const { target } = incident.alert;
  const changed: string[] = [];
  const checked: string[] = [];
  let uid = target?.podUid ?? null;
  const verdict = await attempts();
  const response: ActionResponse = {
    action: name,
    outcome: verdict.outcome,
    reason: verdict.reason,
    target: target === null ? null : { namespace: target.namespace, pod: target.pod, uid },
    checked,
    changed,
    contained: verdict.contained ?? null,
    gaps: verdict.gaps ?? [],
    guardrails: verdict.guardrails ?? [],
    ...(verdict.evidence === undefined ? {} : { evidence: verdict.evidence }),
    undo: verdict.undo ?? null,
    startedAt,
    completedAt: options.now().toISOString(),
  };
  if (target !== null && changed.length > 0 && !options.dryRun) {
    const problem = await cluster.recordAction(incident, response, options.now());
    if (problem !== null) checked.push(`no Event was left on the pod: ${problem}`);
  }
  return response;

  async function attempts(): Promise<ActionResult> {
    let freshness = action.freshness;
    for (let conflicts = 0; ; freshness = 'now') {
      try {
        return await once(freshness);
      } catch (error) {
        if (!(error instanceof PipelineError)) throw error;
        if (error.code === 'conflict') conflicts += 1;
        if (error.code === 'conflict' && conflicts < ATTEMPTS) continue;
        const isEarly = performance.now() - began < options.outageMs;
        if (!isEarly || !(await isOutage(cluster, error)))
          return { outcome: outcomeOf(error), reason: `${error.message}. ${error.nextStep}` };
        await afterPause();
      }
    }
  }

  async function once(freshness: Freshness): Promise<ActionResult> {
    if (target === null)
      return { outcome: 'refused', reason: `the target is unknown: ${incident.alert.targetProblem ?? 'not named'}` };
    const approval = await verifyApproval(cluster, name, incident);
    if (approval !== null && approval.podUid === null) return { outcome: 'refused', ...WITHOUT_UID };
    const decided = whoDecided(name, incident, approval?.note ?? null);
    // A person approved one pod; one that has taken its name since is another.
    const bound = { ...target, podUid: target.podUid ?? approval?.podUid ?? null };
    const context = await cluster.loadPodState(bound, incident.alert.id, options.now(), freshness, incident.alert);
    if (context.status !== 'found') return absent(context, bound);
    uid = context.pod.uid;
    checked.push(`reading ${freshness === 'now' ? 'made now' : `at most ${context.readingAgeMs} ms old`}`);
    if (context.pod.deletingSince !== null)
      checked.push(`the pod's deletion was asked for at ${context.pod.deletingSince}`);
    const clock = cluster.clockProblem(options.now());
    if (clock !== null) {
      // While only watches were read, the API server's last answer may be old.
      if (freshness === 'watched') return once('now');
      return { outcome: 'refused', reason: clock };
    }
    const refusal = refuseAction(name, incident, context, { ...options, approved: decided.approved });
    if (refusal !== null) {
      // A watch may be behind: what is refused was read now.
      if (freshness === 'watched') return once('now');
      await recordIfBudgetExceeded(cluster, context, refusal.guardrails, options.now());
      return { outcome: 'refused', ...refusal };
    }
    const approvedUid = approval?.podUid ?? null;
    const input: ActionInput = {
      ...options,
      incident,
      context,
      decidedBy: decided.record,
      approvedUid,
      record: null,
      changed,
      checked,
    };
    const confirm = async () => {
      if (freshness === 'watched') await cluster.confirmNamespace(context.namespace);
    };
    if (action.permittedBy !== null && !decided.approved) return withinBudget(cluster, name, input, confirm);
    // Taking containment back, and what a person has approved, is not rationed.
    await confirm();
    return cluster.runAction(name, input);
  }

  async function absent(context: Exclude<TargetContext, { status: 'found' }>, bound: Target): Promise<ActionResult> {
    if (context.status === 'unavailable') return { outcome: 'failed', reason: context.detail };
    if (!options.dryRun) await cluster.closeRecord(name, bound, options.now());
    return { outcome: context.status, reason: context.detail };
  }
}
