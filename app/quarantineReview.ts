import { containmentOf, recordedGaps } from '../core/response/containmentGaps';
import type { QuarantineRecord, RecordStatus } from '../core/response/record';
import { type ReviewCause, reviewCause } from '../core/response/review';
import type { Cluster } from './ports';
import { listQuarantined, type Quarantined, type QuarantineReader } from './quarantines';

interface DueReview extends Quarantined {
  cause: ReviewCause;
}

/**
 * The quarantines that a person has to look at now. Each is reported once a day, and at once when something opened it. A
 * record whose pod is gone, changed, or contained otherwise than it says is updated. Nothing here releases a pod.
 */
export async function dueForReview(
  cluster: QuarantineReader & Pick<Cluster, 'markRecord'>,
  now: Date,
): Promise<DueReview[]> {
  const at = now.toISOString();
  const found = await listQuarantined(cluster);
  const due: DueReview[] = [];
  for (const { record, pod, gaps } of found) {
    const { name } = record.metadata;
    if (pod === 'gone') {
      await cluster.markRecord(name, { state: 'Gone', changedAt: at });
      continue;
    }
    const changed = pod === 'changed' && record.status.state === 'Quarantined';
    const change: RecordStatus = changed ? { state: 'Mismatch', changedAt: at } : containmentChange(record, gaps, at);
    const current: QuarantineRecord = { ...record, status: { ...record.status, ...change } };
    const cause = isOpened(record, change) ? 'opened' : reviewCause(current, now);
    if (cause !== null) change.toldAt = at;
    if (Object.keys(change).length > 0) await cluster.markRecord(name, change);
    if (cause !== null) due.push({ record: current, pod, gaps, cause });
  }
  return due;
}

/** What the record's containment has to say that it does not say yet. */
function containmentChange({ status }: QuarantineRecord, gaps: string[] | null, at: string): RecordStatus {
  if (gaps === null || status.state !== 'Quarantined') return {};
  const reasons = recordedGaps(gaps);
  const same = [...reasons].sort().join('\n') === [...(status.reasons ?? [])].sort().join('\n');
  return same ? {} : { contained: containmentOf(gaps), reasons, changedAt: at };
}

/** Whether there is a gap that the record did not name. */
function isOpened({ status }: QuarantineRecord, { reasons = [] }: RecordStatus): boolean {
  return reasons.some((reason) => !(status.reasons ?? []).includes(reason));
}
