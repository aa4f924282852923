import type { FoundContext } from '../incident/context';
import type { BudgetLimits, Reservation } from '../incident/responsePolicy';

/** Reservations that still count: those within the window that ends now. */
export function withinWindow(
  reservations: readonly Reservation[],
  { windowMinutes }: BudgetLimits,
  now: Date,
): Reservation[] {
  const start = now.getTime() - windowMinutes * 60_000;
  return reservations.filter(({ at }) => Date.parse(at) > start);
}

/** All actions on one pod share one unit, so deleting a quarantined pod costs no further unit. */
export function holdsUnit(reservations: readonly Reservation[], podUid: string): boolean {
  return reservations.some(({ pod }) => pod === podUid);
}

/** What one pod takes of the budget. */
export type Unit = Omit<Reservation, 'at'>;

/** As many units as the ResponsePolicy's status can hold (`maxItems` in manifests/crds). */
export const MOST_UNITS = 1000;

/**
 * Why another pod of this workload may not be acted on now, or null. Checks the budgets from the narrowest to the
 * widest, so that the answer names the one that is spent.
 *
 * The first `namespaceFloor` units of a namespace are reserved for it: other namespaces cannot spend them, because
 * these units are taken without checking the cluster's budget. So in one window at most `perCluster` plus
 * `namespaceFloor` for each namespace that opted in are taken, and never more than `MOST_UNITS`. Tenants cannot raise
 * this bound, because they cannot opt a namespace in.
 */
export function budgetExceeded(
  reservations: readonly Reservation[],
  limits: BudgetLimits,
  { namespace, workload }: Pick<Reservation, 'namespace' | 'workload'>,
): string | null {
  const inNamespace = reservations.filter((unit) => unit.namespace === namespace);
  const inWorkload = inNamespace.filter((unit) => unit.workload === workload);
  const share = Math.floor((limits.perCluster * limits.namespaceSharePercent) / 100);
  const windows = [
    { of: `workload ${namespace}/${workload}`, used: inWorkload.length, limit: limits.perWorkload },
    { of: `namespace ${namespace}`, used: inNamespace.length, limit: Math.min(limits.perNamespace, share) },
    ...(inNamespace.length < limits.namespaceFloor
      ? []
      : [{ of: 'the cluster', used: reservations.length, limit: limits.perCluster }]),
    { of: 'the cluster with all floors', used: reservations.length, limit: MOST_UNITS },
  ];
  const spent = windows.find(({ used, limit }) => used >= limit);
  return spent === undefined
    ? null
    : `the budget of ${spent.of} is spent: ${spent.used} of ${spent.limit} pods in ${limits.windowMinutes} minutes`;
}

/**
 * All pods without a controller in a namespace count as this workload. Every `Kind/name` has a slash, so this cannot
 * collide.
 */
export const BARE_PODS = 'pods without a controller';

/** Maximum characters of a reservation's workload. Longer names with the same beginning share a budget. */
const LONGEST_WORKLOAD = 400;

/**
 * The workload whose budget a pod's unit is taken from: its top owner, even after the pod was detached. The creator of
 * bare pods chooses their names, labels and number, so all bare pods of a namespace share one workload's budget.
 */
export function budgetWorkload({ workload, quarantine }: Pick<FoundContext, 'workload' | 'quarantine'>): string {
  const top = workload?.top ?? quarantine?.workload;
  if (top === undefined) return BARE_PODS;
  // By characters: the API server would return half a character as another text, which no count would match.
  return Array.from(`${top.kind}/${top.name}`).slice(0, LONGEST_WORKLOAD).join('');
}
