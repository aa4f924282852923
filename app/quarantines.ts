import { hasCode, PipelineError } from '../core/errors';
import type { PodContext } from '../core/incident/context';
import type { Configuration } from '../core/incident/responsePolicy';
import { QUARANTINE_POLICY } from '../core/names';
import { lastingGaps } from '../core/response/containmentGaps';
import { distinct, gap, type Gap } from '../core/response/gap';
import { isIntact } from '../core/response/intact';
import { labelsKeptSince } from '../core/response/labelsKept';
import { containmentGaps, type NetworkReading } from '../core/response/networkReading';
import { ownLabels } from '../core/response/originalLabels';
import { isQuarantinePolicy } from '../core/response/quarantine';
import { gapsOfRecord, type QuarantineRecord } from '../core/response/record';
import type { Cluster } from './ports';
import { unlessProblem } from './unlessProblem';

export type QuarantineReader = Pick<Cluster, 'openRecords' | 'readPod' | 'readNetwork' | 'readConfiguration'>;

/** What has become of a pod that our record says is in quarantine; `untouched`: its isolation began, and has not reached it. */
type PodFinding = 'intact' | 'changed' | 'untouched' | 'gone' | 'unreadable';

export interface Quarantined {
  record: QuarantineRecord;
  pod: PodFinding;
  /** The containment gaps as they are now; null where they are unknown, or the pod is not said to be contained. */
  gaps: Gap[] | null;
}

interface Readings {
  configuration: Configuration | null;
  networkOf: (namespace: string) => Promise<NetworkReading | null>;
}

/** All quarantines by our records, each compared with its pod and the network policies as they are now. */
export async function listQuarantined(cluster: QuarantineReader): Promise<Quarantined[]> {
  const records = await cluster.openRecords();
  // Settings that cannot be read attest nothing; Get Context reports why they cannot be read.
  const configuration = await cluster.readConfiguration().catch(unlessProblem);
  const networks = new Map<string, Promise<NetworkReading | null>>();
  const networkOf = (namespace: string): Promise<NetworkReading | null> => {
    const reading = networks.get(namespace) ?? unlessUnreachable(cluster.readNetwork(namespace));
    networks.set(namespace, reading);
    return reading;
  };
  return Promise.all(records.map((record) => findingOf(cluster, record, { configuration, networkOf })));
}

async function findingOf(
  cluster: QuarantineReader,
  record: QuarantineRecord,
  readings: Readings,
): Promise<Quarantined> {
  const { namespace, name, uid } = record.spec.pod;
  try {
    const pod: PodContext = await cluster.readPod(namespace, name);
    if (pod.uid !== uid) return { record, pod: 'gone', gaps: null };
    if (!pod.marked && record.status.state === undefined) return { record, pod: 'untouched', gaps: null };
    if (!isIntact(pod, record)) return { record, pod: 'changed', gaps: null };
    return { record, pod: 'intact', gaps: await gapsOf(pod, record, readings) };
  } catch (error) {
    if (!(error instanceof PipelineError)) throw error;
    if (error.code === 'not_found') return { record, pod: 'gone', gaps: null };
    // An actor who removes the responder's rights could open the pod unseen; a silent API server opens nothing.
    if (error.code === 'unreachable') return { record, pod: 'unreadable', gaps: null };
    const unseen = gap('unseen', `whether it is still isolated cannot be seen: ${error.message}`);
    return { record, pod: 'unreadable', gaps: distinct([...gapsOfRecord(record), unseen]) };
  }
}

async function gapsOf(
  pod: PodContext,
  record: QuarantineRecord,
  { configuration, networkOf }: Readings,
): Promise<Gap[] | null> {
  const { namespace } = record.spec.pod;
  const network = await networkOf(namespace);
  if (network === null || configuration === null) return null;
  // An unanswered reading adds no gap, and removes none that was known.
  const { unanswered } = network.others;
  const sure = { ...network, others: { ...network.others, unanswered: [] } };
  const own = network.policies.find(({ name }) => name === QUARANTINE_POLICY);
  const detached = Object.keys(ownLabels(pod.labels)).length === 0;
  const gaps = [
    ...(isQuarantinePolicy(own?.spec)
      ? []
      : [gap('quarantine-policy', `NetworkPolicy ${QUARANTINE_POLICY} is gone or changed: nothing cuts the pod off`)]),
    ...containmentGaps(pod, namespace, sure, {
      attached: detached ? null : labelsKeptSince(record),
      past: lastingGaps(gapsOfRecord(record)),
      configuration,
    }),
  ];
  return unanswered.length === 0 ? gaps : distinct([...gaps, ...gapsOfRecord(record)]);
}

/** What the API server does not answer now is not known; the next review reads it again. */
async function unlessUnreachable<T>(reading: Promise<T>): Promise<T | null> {
  try {
    return await reading;
  } catch (error) {
    if (hasCode(error, 'unreachable')) return null;
    throw error;
  }
}
