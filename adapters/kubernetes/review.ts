import type { PodContext } from '../../core/incident/context';
import type { Configuration } from '../../core/incident/responsePolicy';
import { PipelineError } from '../../core/errors';
import { QUARANTINE_POLICY } from '../../core/names';
import { containmentOf, lastingGaps, recordedGaps } from '../../core/response/containmentGaps';
import { ownLabels } from '../../core/response/originalLabels';
import { isQuarantinePolicy } from '../../core/response/quarantine';
import { isOpen, type QuarantineRecord, type RecordStatus } from '../../core/response/record';
import { type ReviewCause, reviewCause } from '../../core/response/review';
import { isIntact } from './actions/quarantine/mismatch';
import { stayed } from './actions/quarantine/stayed';
import type { KubernetesClient } from './api/client';
import { containmentGaps, type NetworkReading, readNetwork } from './state/networkPolicies/containmentGaps';
import { listRecords, markRecord } from './resources/records';
import { readPod } from './state/loadPodState';
import { readConfiguration } from './resources/responsePolicy';

/** What has become of a pod that our record says is in quarantine. */
type PodFinding = 'intact' | 'changed' | 'gone' | 'unreadable';

export interface Quarantined {
  record: QuarantineRecord;
  pod: PodFinding;
  /** The containment gaps as they are now; null where nobody can say, or nothing is said to be contained. */
  gaps: string[] | null;
}

/** All that is in quarantine by our records, beside what the pods and the network policies themselves say now. */
export async function listQuarantined(client: KubernetesClient): Promise<Quarantined[]> {
  const records = (await listRecords(client)).filter(isOpen);
  const configuration = await optional(readConfiguration(client));
  const networks = new Map<string, Promise<NetworkReading | null>>();
  const networkOf = (namespace: string): Promise<NetworkReading | null> => {
    const reading = networks.get(namespace) ?? answered(readNetwork(client, namespace));
    networks.set(namespace, reading);
    return reading;
  };
  return Promise.all(records.map((record) => findingOf(client, record, { configuration, networkOf })));
}

interface DueReview extends Quarantined {
  cause: ReviewCause;
}

/**
 * What a person has to look at now. Each is reported once a day, and at once when something opened it; a record whose pod
 * is gone, changed, or contained otherwise than it says is brought up to date on the way. Nothing here releases anything.
 */
export async function dueForReview(client: KubernetesClient, now: Date): Promise<DueReview[]> {
  const at = now.toISOString();
  const found = await listQuarantined(client);
  const due: DueReview[] = [];
  for (const { record, pod, gaps } of found) {
    const { name } = record.metadata;
    if (pod === 'gone') {
      await markRecord(client, name, { state: 'Gone', changedAt: at });
      continue;
    }
    const changed = pod === 'changed' && record.status.state === 'Quarantined';
    const change: RecordStatus = changed ? { state: 'Mismatch', changedAt: at } : containmentChange(record, gaps, at);
    const current: QuarantineRecord = { ...record, status: { ...record.status, ...change } };
    const cause = isOpened(record, change) ? 'opened' : reviewCause(current, now);
    if (cause !== null) change.toldAt = at;
    if (Object.keys(change).length > 0) await markRecord(client, name, change);
    if (cause !== null) due.push({ record: current, pod, gaps, cause });
  }
  return due;
}

/** What the record has to say of containment that it does not say yet. */
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

interface Readings {
  configuration: Configuration | null;
  networkOf: (namespace: string) => Promise<NetworkReading | null>;
}

async function findingOf(client: KubernetesClient, record: QuarantineRecord, readings: Readings): Promise<Quarantined> {
  const { namespace, name, uid } = record.spec.pod;
  try {
    const pod: PodContext = await readPod(client, namespace, name);
    if (pod.uid !== uid) return { record, pod: 'gone', gaps: null };
    if (!isIntact(pod, record)) return { record, pod: 'changed', gaps: null };
    return { record, pod: 'intact', gaps: await gapsOf(pod, record, readings) };
  } catch (error) {
    if (!(error instanceof PipelineError)) throw error;
    if (error.code === 'not_found') return { record, pod: 'gone', gaps: null };
    // An actor who removes the responder's rights could open the pod unseen; a silent API server opens nothing.
    const unseen = `whether it is still isolated cannot be seen: ${error.message}`;
    const gaps = error.code === 'unreachable' ? null : [...(record.status.reasons ?? []), unseen];
    return { record, pod: 'unreadable', gaps: gaps === null ? null : [...new Set(gaps)] };
  }
}

async function gapsOf(
  pod: PodContext,
  record: QuarantineRecord,
  { configuration, networkOf }: Readings,
): Promise<string[] | null> {
  const { namespace } = record.spec.pod;
  const network = await networkOf(namespace);
  if (network === null || configuration === null) return null;
  // What was not answered says nothing new, and takes back nothing that was known.
  const { unanswered } = network.others;
  const sure = { ...network, others: { ...network.others, unanswered: [] } };
  const own = network.policies.find(({ name }) => name === QUARANTINE_POLICY);
  const detached = Object.keys(ownLabels(pod.labels)).length === 0;
  const gaps = [
    ...(isQuarantinePolicy(own?.spec)
      ? []
      : [`NetworkPolicy ${QUARANTINE_POLICY} is gone or changed: nothing cuts the pod off`]),
    ...containmentGaps(pod, namespace, sure, {
      attached: detached ? null : stayed(record),
      past: lastingGaps(record.status.reasons ?? []),
      configuration,
    }),
  ];
  return unanswered.length === 0 ? gaps : [...new Set([...gaps, ...(record.status.reasons ?? [])])];
}

/** What the API server does not answer now is not known; the next review asks again. */
async function answered<T>(reading: Promise<T>): Promise<T | null> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof PipelineError && error.code === 'unreachable') return null;
    throw error;
  }
}

/** Settings that cannot be read attest nothing; who reads them elsewhere says so. */
async function optional<T>(reading: Promise<T>): Promise<T | null> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof PipelineError) return null;
    throw error;
  }
}
