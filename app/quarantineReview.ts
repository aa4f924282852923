import { containmentOf, recordedGaps } from '../core/response/containmentGaps';
import { sameGaps } from '../core/response/gap';
import {
  changedStatus,
  gapsOfRecord,
  type QuarantineRecord,
  type RecordChange,
  type ReviewReport,
} from '../core/response/record';
import { outlivesPod, reviewCause, reviewReport } from '../core/response/review';
import type { ReviewCause } from '../core/response/reviewCause';
import type { Cluster } from './ports';
import { listQuarantined, type Quarantined, type QuarantineReader } from './quarantines';

interface DueReview extends Quarantined {
  cause: ReviewCause;
}

type Reviewer = QuarantineReader & Pick<Cluster, 'markRecord'>;

/**
 * The quarantines that a person has to look at now. Each is reported once a day, and at once when something opened it; one of which
 * nobody confirmed the report is reported again, after twice the time each. A record whose pod is gone, changed, or contained
 * otherwise than it says is updated. Nothing here releases a pod.
 */
export async function dueForReview(cluster: Reviewer, now: Date): Promise<DueReview[]> {
  const due: DueReview[] = [];
  for (const found of await listQuarantined(cluster)) {
    const reviewed = await review(cluster, found, now);
    if (reviewed !== null) due.push(reviewed);
  }
  return due;
}

async function review(cluster: Reviewer, found: Quarantined, now: Date): Promise<DueReview | null> {
  const { record, pod } = found;
  const { name } = record.metadata;
  const at = now.toISOString();
  if (pod === 'gone' && !outlivesPod(record)) {
    await cluster.markRecord(name, { state: 'Gone', changedAt: at });
    return null;
  }
  const change = changeOf(found, at);
  const current = change === null ? record : { ...record, status: changedStatus(record.status, change) };
  const cause = isOpened(record, current) ? 'opened' : reviewCause(current, now, pod === 'untouched');
  if (cause === null) {
    if (change !== null) await cluster.markRecord(name, change);
    return null;
  }
  const reporting = reviewReport(record, cause, now);
  await cluster.markRecord(name, { ...change, reporting });
  return { ...found, record: { ...current, status: { ...current.status, reporting } }, cause };
}

/**
 * Notes that people were notified of a report. The record of an isolation that did not come about ends with it. A report that
 * began since stays to be confirmed.
 */
export async function confirmReviewed(
  cluster: Pick<Cluster, 'markRecord'>,
  name: string,
  { cause, at }: Pick<ReviewReport, 'cause' | 'at'>,
  now: Date,
): Promise<void> {
  const toldAt = now.toISOString();
  await cluster.markRecord(name, ({ state, reporting }) => {
    if (reporting?.at !== at || reporting.cause !== cause) return null;
    const told = { toldAt, reporting: undefined };
    return cause === 'not_isolated' && state === undefined ? { ...told, state: 'Abandoned', changedAt: toldAt } : told;
  });
}

/** What the record does not say yet of its pod, or null. */
function changeOf({ record: { status }, pod, gaps }: Quarantined, changedAt: string): RecordChange | null {
  if (status.state !== 'Quarantined') return null;
  if (pod === 'changed') return { state: 'Mismatch', changedAt };
  if (gaps === null) return null;
  const found = recordedGaps(gaps);
  return sameGaps(found, status.gaps) ? null : { contained: containmentOf(gaps), gaps: found, changedAt };
}

/** Whether there is a gap that the record did not name. */
function isOpened(record: QuarantineRecord, current: QuarantineRecord): boolean {
  const known = new Set(gapsOfRecord(record).map(({ key }) => key));
  return gapsOfRecord(current).some(({ key }) => !known.has(key));
}
