import { configurationOf } from '../core/incident/context';
import { isContained } from '../core/incident/quarantineState';
import { budgetWorkload, type Unit } from '../core/policy/budget';
import type { Share } from '../core/policy/concurrentShare';
import { PipelineError } from '../core/errors';
import { outcomeOf } from '../core/response/outcomeOf';
import { endedAt, type QuarantineRecord } from '../core/response/record';
import type { Action } from '../core/incident/actions';
import type { Outcome } from '../core/incident/response';
import type { ActionInput, ActionResult } from './action';
import { recordBudgetExceeded } from './budgetEvents';
import type { Cluster } from './ports';
import { unlessProblem } from './unlessProblem';

/**
 * Runs an action if a unit of the budget can be had for its pod. While the unit is written, the action's record is, too: both
 * are given back if nothing is changed after all.
 * @param confirm is called while the budget is asked; nothing is done if it throws
 */
export async function withinBudget(
  cluster: Cluster,
  action: Action,
  input: ActionInput,
  confirm: () => Promise<void>,
): Promise<ActionResult> {
  const { incident, context, dryRun, now } = input;
  const unit: Unit = {
    pod: context.pod.uid,
    namespace: context.namespace.name,
    workload: budgetWorkload(context),
    incident: incident.alert.id,
  };
  const share = await shareOf(cluster, input);
  let beginning: Promise<QuarantineRecord | null> | undefined;
  const begin = (): void => {
    // Where it fails, the action makes the record itself, and meets the same problem.
    beginning ??= cluster.beginRecord(action, input).catch(unlessProblem);
  };
  const [reservation, confirmation] = await Promise.allSettled([
    cluster.reserve(unit, share, now(), dryRun, begin),
    confirm(),
  ]);
  const begun: ActionInput = { ...input, record: (await beginning) ?? null };
  // Nobody answered, or others kept writing: what was begun is taken up by the next attempt, or found by the review.
  if (reservation.status === 'rejected') throw reservation.reason;
  const denied = reservation.value;
  if (denied !== null) {
    await giveUpRecord(cluster, begun);
    if (denied.guardrail === 'budget') await recordBudgetExceeded(cluster, context, denied.reason, now());
    return { outcome: 'refused', reason: denied.reason, guardrails: [denied.guardrail] };
  }
  const giveBack = async (): Promise<void> => {
    await returnUnit(cluster, input, unit);
    await giveUpRecord(cluster, begun);
  };
  if (confirmation.status === 'rejected') {
    await giveBack();
    throw confirmation.reason;
  }
  try {
    const result = await cluster.runAction(action, begun);
    if (isWithoutEffect(input, result.outcome)) await giveBack();
    return result;
  } catch (error) {
    // An answer that was lost may stand for a change that was made: such a unit stays taken.
    if (error instanceof PipelineError && isWithoutEffect(input, outcomeOf(error))) await giveBack();
    throw error;
  }
}

function isWithoutEffect({ changed }: ActionInput, outcome: Outcome): boolean {
  return changed.length === 0 && (outcome === 'refused' || outcome === 'gone' || outcome === 'replaced');
}

async function returnUnit(cluster: Cluster, { dryRun, checked }: ActionInput, unit: Unit): Promise<void> {
  if (!dryRun) await noting(checked, "the budget's unit was not given back", () => cluster.giveBack(unit));
}

/** The record of an isolation that was begun and does not come about. */
async function giveUpRecord(cluster: Cluster, { record, checked, now }: ActionInput): Promise<void> {
  if (record === null) return;
  const { name } = record.metadata;
  const change = { state: 'Abandoned', changedAt: now().toISOString() } as const;
  await noting(checked, `the Quarantine ${name} was not given up`, () => cluster.markRecord(name, change));
}

/** Gives something back. That it could not be is noted, and changes nothing about what became of the pod. */
async function noting(checked: string[], problem: string, run: () => Promise<void>): Promise<void> {
  try {
    await run();
  } catch (error) {
    if (!(error instanceof PipelineError)) throw error;
    checked.push(`${problem}: ${error.message}`);
  }
}

/** What keeps alerts that come together from taking a workload apart; null for a pod that is no replica, or no more. */
async function shareOf(cluster: Cluster, { context }: ActionInput): Promise<Share | null> {
  const { workload, pod, namespace, quarantine } = context;
  const percent = configurationOf(context)?.workloadSharePercent;
  if (workload === null || workload.kind === 'Job' || percent === undefined || isContained(quarantine)) return null;
  const records = await cluster.records();
  return {
    namespace: namespace.name,
    workload,
    ready: pod.ready,
    endedAt: endedAt(records),
    percent,
  };
}
