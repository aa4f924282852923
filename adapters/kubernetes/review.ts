import type { PodContext } from '../../core/context/context';
import { PipelineError } from '../../core/errors';
import { isOpen, type QuarantineRecord } from '../../core/response/record';
import { type ReviewCause, reviewCause } from '../../core/response/review';
import { isIntact } from './actions/quarantine/mismatch';
import type { KubernetesClient } from './client';
import { listRecords, markRecord } from './records';
import { readPod } from './readTarget';

/** What has become of a pod that our record says is in quarantine. */
export type PodFinding = 'intact' | 'changed' | 'gone' | 'unreadable';

export interface Quarantined {
  record: QuarantineRecord;
  pod: PodFinding;
}

/** All that is in quarantine by our records, beside what the pods themselves say. */
export async function listQuarantined(client: KubernetesClient): Promise<Quarantined[]> {
  const records = (await listRecords(client)).filter(isOpen);
  return Promise.all(records.map(async (record) => ({ record, pod: await findingOf(client, record) })));
}

export interface Due extends Quarantined {
  cause: ReviewCause;
}

/**
 * What a person has to look at now. Each is told of once a day; a record whose pod is gone or changed is brought up to
 * date on the way. Nothing here releases anything.
 */
export async function dueForReview(client: KubernetesClient, now: Date): Promise<Due[]> {
  const at = now.toISOString();
  const found = await listQuarantined(client);
  const due: Due[] = [];
  for (const { record, pod } of found) {
    const { name } = record.metadata;
    if (pod === 'gone') {
      await markRecord(client, name, { state: 'Gone', changedAt: at });
      continue;
    }
    const changed = pod === 'changed' && record.status.state === 'Quarantined';
    const current: QuarantineRecord = changed ? { ...record, status: { ...record.status, state: 'Mismatch' } } : record;
    const cause = reviewCause(current, now);
    if (cause === null) continue;
    await markRecord(client, name, { toldAt: at, ...(changed ? { state: 'Mismatch', changedAt: at } : {}) });
    due.push({ record: current, pod, cause });
  }
  return due;
}

async function findingOf(client: KubernetesClient, record: QuarantineRecord): Promise<PodFinding> {
  const { namespace, name, uid } = record.spec.pod;
  try {
    const pod: PodContext = await readPod(client, namespace, name);
    if (pod.uid !== uid) return 'gone';
    return isIntact(pod, record) ? 'intact' : 'changed';
  } catch (error) {
    if (!(error instanceof PipelineError)) throw error;
    return error.code === 'not_found' ? 'gone' : 'unreadable';
  }
}
