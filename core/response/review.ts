import type { Alert } from '../incident/alert';
import { fingerprint } from '../alert/identity';
import { isUnderWay, nextReport } from '../incident/reporting';
import { targetSubject } from '../incident/subject';
import { textsOf } from './gap';
import { gapsOfRecord, type QuarantineRecord, type ReviewReport } from './record';
import type { ReviewCause } from './reviewCause';

/**
 * An isolation, and the confirmation of one before the analysis, take seconds; after this time no execution works on it
 * any more.
 */
const STALLED_AFTER_MS = 10 * 60_000;

/** A person is notified again after this time. */
const REMIND_AFTER_MS = 24 * 3_600_000;

/**
 * Why a record needs a person's review now, or null. An expired quarantine is a reason to look, never to release. What a person
 * is being notified of needs it again when nobody notes that this was done.
 * @param isUntouched whether the pod of an isolation that was begun is as it was before
 */
export function reviewCause(record: QuarantineRecord, now: Date, isUntouched = false): ReviewCause | null {
  const { toldAt, reporting } = record.status;
  const cause = openCause(record, now, isUntouched);
  if (reporting !== undefined) return reporting.cause === cause && isUnderWay(reporting, now) ? null : cause;
  const isTold = toldAt !== undefined && now.getTime() - Date.parse(toldAt) < REMIND_AFTER_MS;
  return isTold ? null : cause;
}

/** A pod that was opened may be closed again, or deleted, since: a person hears of it all the same. */
function openCause(record: QuarantineRecord, now: Date, isUntouched: boolean): ReviewCause | null {
  const { spec, status } = record;
  const ageMs = now.getTime() - Date.parse(spec.requestedAt);
  if (status.state === 'Mismatch') return 'mismatch';
  if (status.reporting?.cause === 'opened') return 'opened';
  if (status.state === undefined) {
    if (ageMs <= STALLED_AFTER_MS) return null;
    return isUntouched ? 'not_isolated' : 'unfinished';
  }
  if (status.state !== 'Quarantined') return null;
  if (Date.parse(spec.until) <= now.getTime()) return 'due';
  return spec.decision.by === 'contain_first' && status.confirmedBy === undefined && ageMs > STALLED_AFTER_MS
    ? 'unconfirmed'
    : null;
}

/** Whether people still have to hear of a record whose pod is gone: that somebody changed or opened the pod. */
export function outlivesPod({ status: { reporting } }: QuarantineRecord): boolean {
  return reporting?.cause === 'mismatch' || reporting?.cause === 'opened';
}

/** The report of a cause that begins now. */
export function reviewReport({ status: { reporting } }: QuarantineRecord, cause: ReviewCause, now: Date): ReviewReport {
  return { cause, ...nextReport(reporting?.cause === cause ? reporting : undefined, now) };
}

const TEXT: Readonly<Record<ReviewCause, string>> = {
  due: 'its time in quarantine has expired; it stays isolated until a person decides',
  unconfirmed: 'it was isolated before the analysis, and no decision followed; it stays isolated',
  unfinished: 'its isolation was started and not finished; it is unknown whether the pod is isolated',
  not_isolated: 'its isolation was started and did not come about: it is not isolated',
  mismatch: 'it does not match its record: somebody changed it, and it may not be isolated',
  opened: 'it is less contained than its record said; find the change that opened it, and who made it',
};

/**
 * The alert that brings a quarantine to a person. It comes from our own records, so it can act only by approval. A
 * containment gap that opened later is reported at once, independently of the day's first reminder.
 */
export function reviewAlert(record: QuarantineRecord, cause: ReviewCause, now: Date): Alert {
  const { spec } = record;
  const target = {
    namespace: spec.pod.namespace,
    pod: spec.pod.name,
    podUid: spec.pod.uid,
    container: null,
    image: null,
  };
  const rule = cause === 'opened' ? 'Quarantine no longer holds' : 'Quarantine due for review';
  const gaps = cause === 'opened' ? textsOf(gapsOfRecord(record)) : [];
  return {
    id: `review-${spec.pod.uid}-${String(Math.floor(now.getTime() / REMIND_AFTER_MS))}${cause === 'opened' ? '-opened' : ''}`,
    source: 'review',
    trust: 'report',
    status: 'firing',
    rule,
    priority: 'warning',
    time: now.toISOString(),
    receivedAt: now.toISOString(),
    target,
    targetProblem: null,
    subject: targetSubject(target),
    tags: [],
    infrastructure: {},
    fields: {
      incident: spec.incident,
      until: spec.until,
      cause,
      ...(gaps.length === 0 ? {} : { gaps: gaps.join('; ') }),
    },
    output: `Pod ${spec.pod.namespace}/${spec.pod.name} (incident ${spec.incident}): ${TEXT[cause]}.${gaps.length === 0 ? '' : ` Still open: ${gaps.join('; ')}.`}`,
    fingerprint: fingerprint(rule, target),
    synthetic: false,
  };
}
