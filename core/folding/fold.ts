import type { Alert } from '../incident/alert';
import { HEARTBEAT_REST_MS, isHeartbeat } from '../incident/heartbeat';
import { type IncidentStatus, type Pass, type PassReason, RECORD_LIMITS } from '../incident/incidentRecord';
import { isMoreSevere } from '../incident/priority';
import type { IncidentBounds } from '../incident/responsePolicy';
import { LOST_AFTER_MS, recentPasses } from './bounds';
import { mergedSamples, samplesOf } from './events';
import { podKey } from './key';

/** Why an event starts the workflow. */
export interface Novelty {
  why: PassReason;
  /** Why a person has to look at the incident: this is the last pass that it has within the hour. Null otherwise. */
  bound: string | null;
}

/**
 * What is new about an event of an incident; null for a repeat, which is only counted. New is a first event, one after the
 * incident was settled, a higher priority, another pod, the first event after an analysis was lost, and that the source
 * reports it as resolved. All but a higher priority and the end are bounded per hour, for the incident and for each of its
 * pods; the last one goes to a person, so that nobody has to find out from silence.
 * @param current the incident's status with its repeats, or null for an incident that is not known
 * @param lostMs after how long an analysis without a result was lost
 */
export function novelty(
  current: IncidentStatus | null,
  alert: Alert,
  bounds: IncidentBounds,
  now: Date,
  lostMs: number = LOST_AFTER_MS,
): Novelty | null {
  const why = current === null ? opening(alert) : whyNew(current, alert, now, lostMs);
  if (why === null) return null;
  // Its passes are bounded by their distance, so that none of an hour's is the last.
  if (isHeartbeat(alert)) return { why, bound: null };
  const novel = withinPasses(current, alert, why, bounds, now);
  // A priority that the incident did not have passes even where the incident may not be opened again.
  return novel ?? (current !== null && isMoreSevere(alert.priority, current.priority) ? RAISED : null);
}

/** A pass, if the incident and the alert's pod have one left within the hour. */
export function withinPasses(
  current: IncidentStatus | null,
  alert: Alert,
  why: PassReason,
  { passesPerHour, passesPerPodHour }: IncidentBounds,
  now: Date,
): Novelty | null {
  const recent = current === null ? [] : recentPasses(current, now);
  const pod = podKey(alert);
  const left = passesPerHour - recent.length;
  const leftOfPod = passesPerPodHour - recent.filter((pass) => pass.pod === pod).length;
  // A priority rises a few times at most, and an incident ends once for each time it began.
  if (why === 'raised' || (why === 'resolved' && current !== null)) return { why, bound: null };
  if (left <= 0 || leftOfPod <= 0) return null;
  return {
    why,
    bound: left === 1 || leftOfPod === 1 ? boundReached(left === 1 ? passesPerHour : passesPerPodHour) : null,
  };
}

function boundReached(passes: number): string {
  return `it started the workflow ${passes} times within an hour: what follows is only counted, look at it now`;
}

/** The incident's status after a pass. */
export function afterPass(
  current: IncidentStatus | null,
  alert: Alert,
  why: PassReason,
  { model, notify }: Pick<Pass, 'model' | 'notify'>,
  now: Date,
): IncidentStatus {
  const recent = current === null ? [] : recentPasses(current, now);
  const passed = current === null || why === 'reopened' ? opened(current, alert) : continued(current, alert, why);
  const pass = { at: now.toISOString(), why, pod: podKey(alert), model, notify };
  if (why !== 'resolved') return { ...passed, lost: false, passes: [...recent, pass].slice(-RECORD_LIMITS.passes) };
  return {
    ...passed,
    lost: false,
    // An end costs nothing, and leaves the hour's passes to what comes after it. That of an unknown incident counts as its beginning.
    passes: current === null ? [{ ...pass, model: false, notify: false }] : recent,
    state: 'Settled',
    reason: 'resolved at its source',
  };
}

const RAISED: Novelty = { why: 'raised', bound: null };

function opening({ status }: Alert): PassReason {
  return status === 'resolved' ? 'resolved' : 'opened';
}

/** What is new about an event, or null. */
function whyNew(current: IncidentStatus, alert: Alert, now: Date, lostMs: number): PassReason | null {
  if (alert.status === 'resolved') return current.state === 'Settled' ? null : 'resolved';
  if (isHeartbeat(alert)) return isRested(current, now) ? 'reopened' : null;
  if (current.state === 'Settled' && !isSame(current, alert)) return 'reopened';
  if (opensByItself(current, alert)) return 'reopened';
  if (isMoreSevere(alert.priority, current.priority)) return 'raised';
  if (current.state === 'Settled') return null;
  const pod = podKey(alert);
  if (pod !== '' && !current.pods.includes(pod)) return 'joined';
  return isLost(current, now, lostMs) ? 'retried' : null;
}

/** Whether the last heartbeat started the workflow long enough ago, whatever became of it. */
function isRested({ passes }: IncidentStatus, now: Date): boolean {
  const last = passes.at(-1);
  return last === undefined || Math.abs(now.getTime() - Date.parse(last.at)) >= HEARTBEAT_REST_MS;
}

/**
 * PagerDuty itself says that an incident was opened again, and delivers in any order: this may come before the news that it
 * was resolved.
 */
function opensByItself(current: IncidentStatus, alert: Alert): boolean {
  return alert.source === 'pagerduty' && !isSame(current, alert);
}

/** The very event that opened it, sent again: Alertmanager repeats an alert for as long as it fires. */
function isSame(current: IncidentStatus, alert: Alert): boolean {
  return current.incident === alert.id;
}

/** Whether the analysis that a pass began has no result, and will have none. */
export function isLost({ state, passes, lost }: IncidentStatus, now: Date, lostMs: number): boolean {
  const last = passes.at(-1);
  return (
    state === 'Open' && (lost === true || last === undefined || Math.abs(now.getTime() - Date.parse(last.at)) > lostMs)
  );
}

function opened(before: IncidentStatus | null, alert: Alert): IncidentStatus {
  const pod = podKey(alert);
  return {
    state: 'Open',
    reason: before === null ? 'being analysed' : `opened again: ${before.reason}`.slice(0, RECORD_LIMITS.reason),
    incident: alert.id,
    opening: (before?.opening ?? 0) + 1,
    priority: alert.priority,
    firstSeen: alert.receivedAt,
    lastSeen: alert.receivedAt,
    count: 1,
    counted: 1,
    passed: 1,
    passes: [],
    pods: pod === '' ? [] : [pod],
    samples: samplesOf(alert).slice(0, RECORD_LIMITS.samples),
    ...(before?.unfinished === undefined ? {} : { unfinished: before.unfinished }),
    ...(before?.deliveries === undefined ? {} : { deliveries: before.deliveries }),
    ...(before?.judged === undefined ? {} : { judged: before.judged }),
  };
}

function continued(current: IncidentStatus, alert: Alert, why: PassReason): IncidentStatus {
  const pod = podKey(alert);
  const pods = pod === '' || current.pods.includes(pod) ? current.pods : [...current.pods, pod];
  const count = current.count + 1;
  return {
    ...current,
    ...(why === 'raised' && current.state === 'Settled'
      ? { state: 'Open', reason: `opened again by a higher priority: ${current.reason}`.slice(0, RECORD_LIMITS.reason) }
      : {}),
    priority: isMoreSevere(alert.priority, current.priority) ? alert.priority : current.priority,
    lastSeen: alert.receivedAt > current.lastSeen ? alert.receivedAt : current.lastSeen,
    count,
    counted: count,
    passed: current.passed + 1,
    // A pod that is forgotten passes again, which costs one of the hour's passes.
    pods: pods.slice(-RECORD_LIMITS.pods),
    samples: mergedSamples(current.samples, samplesOf(alert)),
  };
}
