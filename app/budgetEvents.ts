import { createHash } from 'node:crypto';

import { configurationOf, type TargetContext } from '../core/incident/context';
import type { Cluster } from './ports';

/**
 * Leaves an Event `BudgetExhausted` on the responder: once in a window for each budget that ran out, so that a workload's
 * does not hide that the cluster's is spent as well.
 * @param reason what `budgetExceeded` says: whose budget, and how much of it
 */
export async function recordBudgetExceeded(
  cluster: Pick<Cluster, 'recordOnce'>,
  context: TargetContext | undefined,
  reason: string,
  now: Date,
): Promise<void> {
  const minutes = configurationOf(context)?.budget.windowMinutes ?? 60;
  const window = Math.floor(now.getTime() / (minutes * 60_000));
  const whose = createHash('sha256').update(reason).digest('hex').slice(0, 8);
  await cluster.recordOnce(
    {
      reason: 'BudgetExhausted',
      name: `budget-exhausted-${window}-${whose}`,
      message: `Nothing more is acted on for now: ${reason}`,
    },
    now,
  );
}

/** The same, where policy stopped an action on its reading: does nothing if the budget is not among what stopped it. */
export async function recordIfBudgetExceeded(
  cluster: Pick<Cluster, 'recordOnce'>,
  context: TargetContext | undefined,
  guardrails: readonly string[],
  now: Date,
): Promise<void> {
  if (!guardrails.includes('budget') || context?.status !== 'found' || context.policy.status !== 'read') return;
  const { exhausted } = context.policy;
  if (exhausted !== null) await recordBudgetExceeded(cluster, context, exhausted, now);
}
