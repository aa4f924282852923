import type { IncidentStatus } from '../incident/incidentRecord';
import { recentPasses } from './bounds';
import { RELATED_LIMITS } from './related';
import type { Configuration } from '../incident/responsePolicy';

/**
 * Why an incident is over without anybody's word, or null. One that waits for a person is over when its time to decide is,
 * and no event came since.
 */
export function quietReason(
  { state, lastSeen, changedAt }: IncidentStatus,
  { incidents: { quietMinutes }, approvalHours }: Pick<Configuration, 'incidents' | 'approvalHours'>,
  now: Date,
): string | null {
  const since = (time: string): number => now.getTime() - Date.parse(time);
  if (state === 'Settled' || since(lastSeen) < quietMinutes * 60_000) return null;
  if (state === 'Waiting' && since(changedAt ?? lastSeen) < approvalHours * 3_600_000) return null;
  return state === 'Waiting' ? 'nobody decided, and no event came' : `no event for ${quietMinutes} minutes`;
}

/**
 * Whether a settled incident counts for nothing any more: its last passes are out of every hour's bound, and it is no
 * longer related to others. Nobody has to keep it in memory then.
 */
export function isForgettable(status: IncidentStatus, now: Date): boolean {
  const { state, lastSeen, archived, unfinished } = status;
  return (
    state === 'Settled' &&
    archived !== true &&
    (unfinished ?? []).length === 0 &&
    now.getTime() - Date.parse(lastSeen) > RELATED_LIMITS.hours * 3_600_000 &&
    recentPasses(status, now).length === 0
  );
}
