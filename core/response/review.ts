import type { Alert } from '../incident/alert';
import { fingerprint } from '../alert/identity';
import { targetSubject } from '../incident/subject';
import { textsOf } from './gap';
import { gapsOfRecord, type QuarantineRecord } from './record';

/** Why a person has to look at a quarantine. */
export type ReviewCause = 'due' | 'unconfirmed' | 'unfinished' | 'not_isolated' | 'mismatch' | 'opened';

/**
 * An isolation, and the confirmation of one before the analysis, take seconds; after this time no execution works on it
 * any more.
 */
const STALLED_AFTER_MS = 10 * 60_000;

/** A person is notified again after this time. */
const REMIND_AFTER_MS = 24 * 3_600_000;

/** Why a record needs a person's review, or null. An expired quarantine is a reason to look, never to release. */
export function reviewCause({ spec, status }: QuarantineRecord, now: Date): ReviewCause | null {
  if (status.toldAt !== undefined && now.getTime() - Date.parse(status.toldAt) < REMIND_AFTER_MS) return null;
  const ageMs = now.getTime() - Date.parse(spec.requestedAt);
  switch (status.state) {
    case 'Mismatch':
      return 'mismatch';
    case undefined:
      return ageMs > STALLED_AFTER_MS ? 'unfinished' : null;
    case 'Quarantined':
      if (Date.parse(spec.until) <= now.getTime()) return 'due';
      return spec.decision.by === 'contain_first' && status.confirmedBy === undefined && ageMs > STALLED_AFTER_MS
        ? 'unconfirmed'
        : null;
    default:
      return null;
  }
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
