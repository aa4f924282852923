import type { Alert } from '../incident/alert';
import { type IncidentRecord, type IncidentStatus, type Pass, statusOf } from '../incident/incidentRecord';
import type { IncidentBounds } from '../incident/responsePolicy';
import { podKey, stormName } from './key';
import { originOf, originOfRecord, trustOfRecord } from './origin';

const HOUR_MS = 3_600_000;

/** An analysis that has no result after so long was lost with its process: the next event starts another. */
export const LOST_AFTER_MS = 10 * 60_000;

/** What incidents used within the last hour. */
interface Usage {
  modelPasses: number;
  notifications: number;
}

/** What the incidents used whose alerts are trusted as far as this one's: reports use up nothing of what Falco observes. */
export interface UsageAround {
  cluster: Usage;
  /** In the namespace of a pod that Falco observed; null for any other alert, which may invent one. */
  namespace: Usage | null;
}

/** What a pass may cost, and which bounds of the cluster keep it from more. */
export interface Allowance extends Pick<Pass, 'model' | 'notify'> {
  spent: ClusterBound[];
}

/** The bounds of all incidents together that alerts draw on. */
export type ClusterBound = 'modelPassesPerClusterHour' | 'notificationsPerClusterHour';

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

/** What was used within the last hour around an alert, in its namespace and in all of them. */
export function usageAround(
  alert: Pick<Alert, 'trust' | 'target'>,
  all: Iterable<IncidentRecord>,
  now: Date,
): UsageAround {
  const place = originOf(alert) === 'pod' ? (alert.target?.namespace ?? null) : null;
  const cluster: Usage = { modelPasses: 0, notifications: 0 };
  const namespace: Usage = { modelPasses: 0, notifications: 0 };
  const isRecent = withinHour(now);
  for (const record of all) {
    if (trustOfRecord(record) !== alert.trust) continue;
    const isNear = place !== null && isOfPodsIn(record, place);
    for (const pass of statusOf(record).passes) {
      // Most passes cost nothing, and need no look at their time.
      if (!(pass.model || pass.notify) || !isRecent(pass)) continue;
      for (const usage of isNear ? [cluster, namespace] : [cluster]) {
        if (pass.model) usage.modelPasses += 1;
        if (pass.notify) usage.notifications += 1;
      }
    }
  }
  return { cluster, namespace: place === null ? null : namespace };
}

/** Whether an incident is about a namespace's pods, or is their storm. */
function isOfPodsIn(record: IncidentRecord, namespace: string): boolean {
  if (record.metadata.name === stormName(namespace, 'pod')) return true;
  return record.spec.subject.namespace === namespace && originOfRecord(record) === 'pod';
}

/** What the next pass of an incident may cost. What the cluster's bounds leave to nobody, a namespace's floor still does. */
export function allowance(
  current: IncidentStatus | null,
  { cluster, namespace }: UsageAround,
  bounds: IncidentBounds,
  now: Date,
): Allowance {
  const recent = current === null ? [] : recentPasses(current, now);
  const isSpent = (used: keyof Usage, bound: ClusterBound): boolean =>
    cluster[used] >= bounds[bound] && (namespace === null || namespace[used] >= bounds.namespaceFloor);
  const spent: ClusterBound[] = [];
  const model = recent.filter((pass) => pass.model).length < bounds.modelPassesPerHour;
  if (model && isSpent('modelPasses', 'modelPassesPerClusterHour')) spent.push('modelPassesPerClusterHour');
  const notify = recent.filter((pass) => pass.notify).length < bounds.notificationsPerHour;
  if (notify && isSpent('notifications', 'notificationsPerClusterHour')) spent.push('notificationsPerClusterHour');
  return {
    model: model && !spent.includes('modelPassesPerClusterHour'),
    notify: notify && !spent.includes('notificationsPerClusterHour'),
    spent,
  };
}

/**
 * An incident's passes once it is known what an alert's pass came to: what asked no model and notified nobody leaves that to
 * others. One that has no result, because its process ended, stays as dear as it may have been, and so does one that cannot be
 * told from another of the same millisecond.
 */
export function withCost(passes: readonly Pass[], alert: Alert, cost: Pick<Pass, 'model' | 'notify'>): Pass[] {
  const pod = podKey(alert);
  const isOwn = (pass: Pass): boolean => pass.at === alert.incident?.at && pass.pod === pod;
  if (passes.filter(isOwn).length !== 1) return [...passes];
  return passes.map((pass) =>
    isOwn(pass) ? { ...pass, model: pass.model && cost.model, notify: pass.notify && cost.notify } : pass,
  );
}
