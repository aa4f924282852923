import type { Alert } from '../incident/alert';
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
 * incident was settled, a higher priority, another pod, and the first event after an analysis was lost. All but a higher
 * priority are bounded per hour, for the incident and for each of its pods; the last one goes to a person, so that nobody
 * has to find out from silence.
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
  const why = current === null ? 'opened' : whyNew(current, alert, now, lostMs);
  return why === null
    ? null
    : withinPasses(current, alert, alert.status === 'resolved' ? 'resolved' : why, bounds, now);
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
  // A priority rises a few times at most; everything else may be repeated for as long as somebody likes.
  if (why === 'raised') return { why, bound: null };
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
  allowed: Pick<Pass, 'model' | 'notify'>,
  now: Date,
): IncidentStatus {
  const recent = current === null ? [] : recentPasses(current, now);
  const passed = current === null || why === 'reopened' ? opened(current, alert) : continued(current, alert);
  const status = {
    ...passed,
    lost: false,
    passes: [...recent, { at: now.toISOString(), why, pod: podKey(alert), ...allowed }].slice(-RECORD_LIMITS.passes),
  };
  return why === 'resolved' ? { ...status, state: 'Settled', reason: 'resolved at its source' } : status;
}

/** What is new about an event, or null. */
function whyNew(current: IncidentStatus, alert: Alert, now: Date, lostMs: number): PassReason | null {
  if (current.state === 'Settled') return alert.status === 'resolved' || isSame(current, alert) ? null : 'reopened';
  if (alert.status === 'resolved') return 'resolved';
  if (opensByItself(current, alert)) return 'reopened';
  if (isMoreSevere(alert.priority, current.priority)) return 'raised';
  const pod = podKey(alert);
  if (pod !== '' && !current.pods.includes(pod)) return 'joined';
  return isLost(current, now, lostMs) ? 'retried' : null;
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
  };
}

function continued(current: IncidentStatus, alert: Alert): IncidentStatus {
  const pod = podKey(alert);
  const pods = pod === '' || current.pods.includes(pod) ? current.pods : [...current.pods, pod];
  const count = current.count + 1;
  return {
    ...current,
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
