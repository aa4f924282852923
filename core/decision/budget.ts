import type { BudgetLimits, Reservation } from '../context/responsePolicy';

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

/**
 * Why another pod of this workload may not be acted on now, or null. Windows are asked from the narrowest to the widest,
 * so that the answer names whose budget it is that ran out.
 */
export function exhaustion(
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
    { of: 'the cluster', used: reservations.length, limit: limits.perCluster },
  ];
  const spent = windows.find(({ used, limit }) => used >= limit);
  return spent === undefined
    ? null
    : `the budget of ${spent.of} is spent: ${spent.used} of ${spent.limit} pods in ${limits.windowMinutes} minutes`;
}

/** Whose budget a pod's unit is taken from. */
export function workloadName(top: { kind: string; name: string } | undefined, pod: string): string {
  return top === undefined ? `Pod/${pod}` : `${top.kind}/${top.name}`;
}
