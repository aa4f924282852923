import type { Reservation } from '../incident/responsePolicy';
import type { WorkloadContext } from '../incident/context';

/** An isolation is on record within a moment after its unit was taken; a unit that is older has come to nothing. */
const IN_FLIGHT_MS = 15_000;

export interface Share {
  namespace: string;
  workload: WorkloadContext;
  /** Whether the pod in question is one of the ready replicas. */
  ready: boolean;
  /** When the record of a pod's last isolation reached a final state (ISO 8601 in UTC), by the pod's uid. */
  endedAt: ReadonlyMap<string, string>;
  /** Of the workload's replicas, how many percent may be contained at a time. */
  percent: number;
}

/**
 * Why one pod more of this workload may not be taken, counting those that others have just taken units for and that are
 * not counted as contained yet; null when it may. It is asked inside the versioned write, so that alerts that come together cannot each
 * take the last replica.
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
      // A record that ended before the unit was taken is of an earlier isolation, and says nothing of this one.
      !((endedAt.get(unit.pod) ?? '') >= unit.at) &&
      now.getTime() - Date.parse(unit.at) < IN_FLIGHT_MS,
  ).length;
  if (others === 0) return null;
  const allowed = Math.floor((workload.desired * percent) / 100);
  if (workload.contained + others + 1 > allowed || workload.ready - (ready ? 1 : 0) - others <= 0)
    return `${others} other pods of ${name} are being acted on at this moment: with this one it would be more than its share (${percent} %)`;
  return null;
}
