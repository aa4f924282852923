import type { Alert } from '../incident/alert';
import type { IncidentStatus } from '../incident/incidentRecord';
import type { IncidentBounds } from '../incident/responsePolicy';
import { LOST_AFTER_MS } from './bounds';

/** Who settles incidents: a workflow, which also records what each pass led to, or nothing but time. */
export type SettledBy = 'workflow' | 'time';

const MINUTE_MS = 60_000;

/** An incident that nothing but time settles: settled, if no event came for `quietMinutes`. */
export function settledByTime(
  status: IncidentStatus,
  { quietMinutes }: Pick<IncidentBounds, 'quietMinutes'>,
  now: Date,
): IncidentStatus {
  const isQuiet = now.getTime() - Date.parse(status.lastSeen) >= quietMinutes * MINUTE_MS;
  if (status.state === 'Settled' || !isQuiet) return status;
  return { ...status, state: 'Settled', reason: `no event for ${quietMinutes} minutes`, changedAt: now.toISOString() };
}

/** Whether an alert is about what its incident knows already: the event that opened it, sent again, or its resolution. */
export function isOfOpening({ incident }: Pick<IncidentStatus, 'incident'>, { id, status }: Alert): boolean {
  return id === incident || status === 'resolved';
}

/**
 * After how long a pass without a result was lost. Where nobody records results, all passes are without one: an incident
 * that goes on then starts the workflow again at long intervals.
 */
export function lostAfterMs(settledBy: SettledBy, { quietMinutes }: Pick<IncidentBounds, 'quietMinutes'>): number {
  return settledBy === 'time' ? quietMinutes * MINUTE_MS : LOST_AFTER_MS;
}
