import type { FoundContext } from '../incident/context';
import type { BudgetLimits, Reservation } from '../incident/responsePolicy';

/** Reservations that still count: those of the window that ends now. */
export function withinWindow(
  reservations: readonly Reservation[],
  { windowMinutes }: BudgetLimits,
  now: Date,
): Reservation[] {
  const start = now.getTime() - windowMinutes * 60_000;
  return reservations.filter(({ at }) => Date.parse(at) > start);
}

/** A pod has one unit for everything that is done to it, so that deleting what was quarantined costs nothing more. */
export function holdsUnit(reservations: readonly Reservation[], podUid: string): boolean {
  return reservations.some(({ pod }) => pod === podUid);
}

/** As many units as the ResponsePolicy's status holds (`maxItems` in manifests/crds). */
export const MOST_UNITS = 1000;

/**
 * Why another pod of this workload may not be acted on now, or null. Windows are asked from the narrowest to the widest,
 * so that the answer names whose budget it is that ran out.
 *
 * The first `namespaceFloor` units of a namespace are its own: others cannot spend them, since they do not ask whether the
 * cluster's budget is spent. So in one window no more than `perCluster` plus `namespaceFloor` for each namespace that opted
 * in are taken, and never more than `MOST_UNITS`. Tenants cannot raise the bound: they opt no namespace in.
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

/** What pods without a controller are counted as, all of a namespace together. No `Kind/name` is without a slash. */
export const BARE_PODS = 'pods without a controller';

/** As many characters as a reservation's workload may have. Longer names that begin alike share a budget. */
const LONGEST_WORKLOAD = 400;

/**
 * Whose budget a pod's unit is taken from: its top owner's, also after it was detached. Whoever creates bare pods chooses
 * their names, their labels and how many there are, so that all of a namespace have one workload's share.
 */
export function budgetWorkload({ workload, quarantine }: Pick<FoundContext, 'workload' | 'quarantine'>): string {
  const top = workload?.top ?? quarantine?.workload;
  if (top === undefined) return BARE_PODS;
  // By characters: half of one would come back from the API server as another text, which nothing is counted by.
  return Array.from(`${top.kind}/${top.name}`).slice(0, LONGEST_WORKLOAD).join('');
}
