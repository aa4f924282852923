import type { Reservation } from '../incident/responsePolicy';
import type { WorkloadContext } from '../incident/context';

/** An isolation is recorded shortly after its unit was taken; an older unit without a record was never used. */
const IN_FLIGHT_MS = 15_000;

export interface Share {
  namespace: string;
  workload: WorkloadContext;
  /** Whether the pod in question is one of the ready replicas. */
  ready: boolean;
  /** When the record of a pod's last isolation reached a final state (ISO 8601 in UTC), by the pod's uid. */
  endedAt: ReadonlyMap<string, string>;
  /** The percentage of the workload's replicas that may be contained at the same time. */
  percent: number;
}

/**
 * Why one more pod of this workload may not be taken, or null. It also counts the pods for which others have just taken
 * units and that do not count as contained yet. It is checked inside the versioned write, so that concurrent alerts
 * cannot each take the last replica.
 */
export function concurrentShareExceeded(
  units: readonly Reservation[],
  pod: string,
  { namespace, workload, ready, endedAt, percent }: Share,
  now: Date,
): string | null {
  const name = `${workload.top.kind}/${workload.top.name}`;
  const others = units.filter(
    (unit) =>
      unit.namespace === namespace &&
      unit.workload === name &&
      unit.pod !== pod &&
      !(workload.containedPods ?? []).includes(unit.pod) &&
      // A record that ended before the unit was taken belongs to an earlier isolation and says nothing about this one.
      !((endedAt.get(unit.pod) ?? '') >= unit.at) &&
      now.getTime() - Date.parse(unit.at) < IN_FLIGHT_MS,
  ).length;
  if (others === 0) return null;
  const allowed = Math.floor((workload.desired * percent) / 100);
  if (workload.contained + others + 1 > allowed || workload.ready - (ready ? 1 : 0) - others <= 0)
    return `${others} other pods of ${name} are being acted on at this moment: this pod would exceed the workload's share (${percent} %)`;
  return null;
}
