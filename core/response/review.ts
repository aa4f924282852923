import type { Alert } from '../incident/alert';
import { fingerprint } from '../alert/identity';
import { targetSubject } from '../incident/subject';
import type { QuarantineRecord } from './record';

/** Why somebody has to look at a quarantine. */
export const REVIEW_CAUSES = ['due', 'unconfirmed', 'unfinished', 'mismatch', 'opened'] as const;
export type ReviewCause = (typeof REVIEW_CAUSES)[number];

/** An isolation, and a confirmation of one that came first, take seconds; after this long nobody is at it any more. */
const SETTLED_AFTER_MS = 10 * 60_000;

/** A person who was told is told again after so long. */
const REMIND_AFTER_MS = 24 * 3_600_000;

/** Why a record is due for a person's review, or null. The end of a quarantine is a reason to look, never to release. */
export function reviewCause({ spec, status }: QuarantineRecord, now: Date): ReviewCause | null {
  if (status.toldAt !== undefined && now.getTime() - Date.parse(status.toldAt) < REMIND_AFTER_MS) return null;
  const ageMs = now.getTime() - Date.parse(spec.requestedAt);
  switch (status.state) {
    case 'Mismatch':
      return 'mismatch';
    case undefined:
      return ageMs > SETTLED_AFTER_MS ? 'unfinished' : null;
    case 'Quarantined':
      if (Date.parse(spec.until) <= now.getTime()) return 'due';
      return spec.decision.by === 'contain_first' && status.confirmedBy === undefined && ageMs > SETTLED_AFTER_MS
        ? 'unconfirmed'
        : null;
    default:
      return null;
  }
}

const TEXT: Readonly<Record<ReviewCause, string>> = {
  due: 'its time in quarantine is over; it stays isolated until somebody decides',
  unconfirmed: 'it was isolated before anybody reasoned, and no decision followed; it stays isolated',
  unfinished: 'its isolation was begun and not finished; whether it is cut off is not known',
  mismatch: 'it is not as its record says: somebody changed it, and it may be open',
  opened: 'it is less contained than its record said; see what opened it, and who made that',
};

/**
 * The alert that puts a quarantine before a person. It comes from our own records, so it can act only by approval. What
 * opened a pod is told at once, apart from what the day's first word on it was.
 */
export function reviewAlert({ spec, status }: QuarantineRecord, cause: ReviewCause, now: Date): Alert {
  const target = {
    namespace: spec.pod.namespace,
    pod: spec.pod.name,
    podUid: spec.pod.uid,
    container: null,
    image: null,
  };
  const rule = cause === 'opened' ? 'Quarantine no longer holds' : 'Quarantine due for review';
  const gaps = cause === 'opened' ? (status.reasons ?? []) : [];
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
