import type { Reservation, ResponsePolicy } from '../../../core/incident/responsePolicy';
import { budgetExceeded, holdsUnit, type Unit, withinWindow } from '../../../core/policy/budget';
import { concurrentShareExceeded, type Share } from '../../../core/policy/concurrentShare';
import type { BudgetDenial } from '../../../app/ports';
import type { KubernetesClient } from '../api/client';
import { updateWithRetry } from '../api/updateWithRetry';
import { latest, readFresh, writeReservations } from './responsePolicy';

/** Other processes reserve at the same time, each in its own queue. */
const ATTEMPTS = 25;

/** Reservations of one process follow one another, so that they do not fight over the same version. */
const queues = new WeakMap<KubernetesClient, Promise<unknown>>();

/**
 * Takes a unit of the budget for a pod, before anything is done to it. The write carries the version that was judged, so
 * that two who take the last unit cannot both have it.
 * @param granted is called when there is a unit, before it is written: another worker may still be faster
 * @returns why there is none, or null when the unit is taken
 */
export async function reserve(
  client: KubernetesClient,
  unit: Unit,
  share: Share | null,
  now: Date,
  dryRun: boolean,
  granted: () => void = () => undefined,
): Promise<BudgetDenial | null> {
  return inTurn(client, () =>
    change(client, dryRun, (policy) => {
      const current = withinWindow(policy.status.reservations, policy.spec.budget, now);
      if (holdsUnit(current, unit.pod)) return { keep: null };
      const denied = denial(current, policy, unit, share, now);
      if (denied !== null) return { keep: denied };
      granted();
      return { write: [...current, { ...unit, at: now.toISOString() }] };
    }),
  );
}

/** Gives a pod's unit back. Only for actions that changed nothing. */
export async function giveBack(client: KubernetesClient, { pod, incident }: Unit): Promise<void> {
  await inTurn(client, () =>
    change(client, false, ({ status: { reservations } }) => {
      const rest = reservations.filter((unit) => unit.pod !== pod || unit.incident !== incident);
      return rest.length === reservations.length ? { keep: null } : { write: rest };
    }),
  );
}

function denial(
  current: Reservation[],
  { spec }: ResponsePolicy,
  unit: Unit,
  share: Share | null,
  now: Date,
): BudgetDenial | null {
  const overBudget = budgetExceeded(current, spec.budget, unit);
  if (overBudget !== null) return { guardrail: 'budget', reason: overBudget };
  const overShare = share === null ? null : concurrentShareExceeded(current, unit.pod, share, now);
  return overShare === null ? null : { guardrail: 'workload_share', reason: overShare };
}

type Change = { keep: BudgetDenial | null } | { write: Reservation[] };

async function change(
  client: KubernetesClient,
  dryRun: boolean,
  decide: (policy: ResponsePolicy) => Change,
): Promise<BudgetDenial | null> {
  return updateWithRetry({
    attempts: ATTEMPTS,
    read: (isFirst) => (isFirst ? latest(client) : readFresh(client)),
    write: async (policy) => {
      const wanted = decide(policy);
      if ('keep' in wanted) return wanted.keep;
      await writeReservations(client, policy, wanted.write, dryRun);
      return null;
    },
  });
}

async function inTurn<T>(client: KubernetesClient, run: () => Promise<T>): Promise<T> {
  const before = queues.get(client) ?? Promise.resolve();
  const mine = before.then(run, run);
  queues.set(client, mine);
  return mine;
}
