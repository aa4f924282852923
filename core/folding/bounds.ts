import type { IncidentStatus, Pass } from '../incident/incidentRecord';
import type { IncidentBounds } from '../incident/responsePolicy';

const HOUR_MS = 3_600_000;

/** An analysis that has no result after so long was lost with its process: the next event starts another. */
export const LOST_AFTER_MS = 10 * 60_000;

/** What all incidents together used within the last hour. */
export interface Usage {
  modelPasses: number;
  notifications: number;
}

/**
 * Whether a pass is within an hour of `now`. A clock that jumped back leaves passes ahead of it, which count for an hour as
 * well. Made once for all the passes that are looked at for an alert, of which there may be thousands: it compares texts,
 * which all have the form of toISOString.
 */
export function withinHour(now: Date): (pass: Pass) => boolean {
  const since = new Date(now.getTime() - HOUR_MS).toISOString();
  const until = new Date(now.getTime() + HOUR_MS).toISOString();
  return ({ at }) => at > since && at < until;
}

/** An incident's passes within an hour of `now`. */
export function recentPasses({ passes }: Pick<IncidentStatus, 'passes'>, now: Date): Pass[] {
  return passes.filter(withinHour(now));
}

/** What these incidents used within the last hour. */
export function usageOf(incidents: Iterable<Pick<IncidentStatus, 'passes'>>, now: Date): Usage {
  const usage: Usage = { modelPasses: 0, notifications: 0 };
  const isRecent = withinHour(now);
  for (const { passes } of incidents) {
    for (const pass of passes) {
      // Most passes cost nothing, and need no look at their time.
      if (!(pass.model || pass.notify) || !isRecent(pass)) continue;
      if (pass.model) usage.modelPasses += 1;
      if (pass.notify) usage.notifications += 1;
    }
  }
  return usage;
}

/** What the next pass of an incident may cost. */
export function allowance(
  current: IncidentStatus | null,
  usage: Usage,
  bounds: IncidentBounds,
  now: Date,
): Pick<Pass, 'model' | 'notify'> {
  const recent = current === null ? [] : recentPasses(current, now);
  const asked = recent.filter(({ model }) => model).length;
  const notified = recent.filter(({ notify }) => notify).length;
  return {
    model: asked < bounds.modelPassesPerHour && usage.modelPasses < bounds.modelPassesPerClusterHour,
    notify: notified < bounds.notificationsPerHour && usage.notifications < bounds.notificationsPerClusterHour,
  };
}
