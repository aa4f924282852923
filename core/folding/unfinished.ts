import type { Alert } from '../incident/alert';
import { isHeartbeat } from '../incident/heartbeat';
import { type IncidentStatus, RECORD_LIMITS, type UnfinishedPass } from '../incident/incidentRecord';
import { reportWaitMs } from '../incident/reporting';
import { shortened } from '../incident/shorten';
import { LOST_AFTER_MS } from './bounds';
import { podKey } from './key';

/** How a pass is started again whose end never came. */
export const STARTS = {
  /** How often a pass is started at most, the first time included. After that a person has to look at it. */
  most: 3,
  /** After how long it counts as lost, milliseconds. */
  lostAfterMs: LOST_AFTER_MS,
} as const;

/** Names a pass among all of its incident. In a storm, an alert that acts has the same number as the one that reports the storm. */
export function passKey({ opening, passed, incident }: IncidentStatus, alertId: string): string {
  const pass = `${opening}.${passed}`;
  return alertId === incident ? pass : `${pass}.${alertId}`;
}

/**
 * An incident's status with the alerts with which a pass begins, so that the pass can be started again if its process is
 * killed. One that makes up for a lost one of the same pod takes its place.
 */
export function withBegun(status: IncidentStatus, passing: readonly Alert[]): IncidentStatus {
  const begun = passing.flatMap(unfinishedPass);
  const pods = passing.filter(({ incident }) => incident?.why === 'retried').map(podKey);
  const others = (status.unfinished ?? []).filter(({ pod }) => !pods.includes(pod));
  return { ...status, unfinished: [...others, ...begun].slice(-RECORD_LIMITS.unfinished) };
}

/** A heartbeat that was lost is missed at the end, and is not started again. */
function unfinishedPass({ related: _, ...alert }: Alert): UnfinishedPass[] {
  const { key, at } = alert.incident ?? {};
  if (key === undefined || isHeartbeat(alert)) return [];
  return [{ key, pod: podKey(alert), at: at ?? alert.receivedAt, starts: 1, alert: textOf(alert) }];
}

/** An incident's status once a pass with this alert has ended. */
export function withEnded(status: IncidentStatus, { incident }: Alert): IncidentStatus {
  const key = incident?.key;
  const others = status.unfinished?.filter((pass) => pass.key !== key);
  return others?.length === status.unfinished?.length ? status : { ...status, unfinished: others };
}

/**
 * The passes that were lost: they have no end, and will have none. One that was handed to a person is lost again when nobody
 * noted for so long that the person was notified.
 */
export function lostPasses(
  { unfinished = [], lost }: IncidentStatus,
  now: Date,
  lostAfterMs: number,
): UnfinishedPass[] {
  return unfinished.filter(
    ({ at, handed = 1 }, index) =>
      Math.abs(now.getTime() - Date.parse(at)) >= reportWaitMs(handed, lostAfterMs) ||
      (lost === true && index === unfinished.length - 1),
  );
}

/**
 * An incident's status once a lost pass is started again or, started as often as it may be, is handed to a person. It
 * stays until its outcome is recorded. Its time in the hour's bounds is the new one, so that no further event starts it, too.
 */
export function withStarted(status: IncidentStatus, again: UnfinishedPass, now: Date): IncidentStatus {
  const at = now.toISOString();
  const { unfinished = [], passes } = status;
  return {
    ...status,
    lost: false,
    unfinished: unfinished.map((pass) => (pass.key === again.key ? { ...pass, ...nextTry(pass), at } : pass)),
    passes: passes.map((pass) => (pass.at === again.at && pass.pod === again.pod ? { ...pass, at } : pass)),
  };
}

function nextTry(pass: UnfinishedPass): Partial<UnfinishedPass> {
  return isExhausted(pass) ? { handed: (pass.handed ?? 0) + 1 } : { starts: pass.starts + 1 };
}

export function isExhausted({ starts }: UnfinishedPass): boolean {
  return starts >= STARTS.most;
}

function textOf(alert: Alert): string {
  return JSON.stringify(shortened(alert, RECORD_LIMITS.alert).alert);
}
