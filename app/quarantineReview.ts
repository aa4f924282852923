import { containmentOf, recordedGaps } from '../core/response/containmentGaps';
import { sameGaps } from '../core/response/gap';
import { changedStatus, gapsOfRecord, type QuarantineRecord, type RecordChange } from '../core/response/record';
import { type ReviewCause, reviewCause } from '../core/response/review';
import type { Cluster } from './ports';
import { listQuarantined, type Quarantined, type QuarantineReader } from './quarantines';

interface DueReview extends Quarantined {
  cause: ReviewCause;
}

/**
 * The quarantines that a person has to look at now. Each is reported once a day, and at once when something opened it. A
 * record whose pod is gone, changed, or contained otherwise than it says is updated; one of an isolation that did not come about
 * ends, so that a person hears of it once. Nothing here releases a pod.
 */
export async function dueForReview(
  cluster: QuarantineReader & Pick<Cluster, 'markRecord'>,
  now: Date,
): Promise<DueReview[]> {
  const at = now.toISOString();
  const due: DueReview[] = [];
  for (const found of await listQuarantined(cluster)) {
    const { record, pod, gaps } = found;
    const { name } = record.metadata;
    if (pod === 'gone') {
      await cluster.markRecord(name, { state: 'Gone', changedAt: at });
      continue;
    }
    if (pod === 'untouched' && reviewCause(record, now) === 'unfinished') {
      await cluster.markRecord(name, { state: 'Abandoned', changedAt: at, toldAt: at });
      due.push({ record, pod, gaps, cause: 'not_isolated' });
      continue;
    }
    const change = changeOf(found, at);
    const current = change === null ? record : { ...record, status: changedStatus(record.status, change) };
    const cause = isOpened(record, current) ? 'opened' : reviewCause(current, now);
    const reported = cause === null ? change : { ...change, toldAt: at };
    if (reported !== null) await cluster.markRecord(name, reported);
    if (cause !== null) due.push({ record: current, pod, gaps, cause });
  }
  return due;
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
