import type { IncidentStatus } from '../incident/incidentRecord';
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
