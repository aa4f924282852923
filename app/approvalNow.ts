import { PipelineError } from '../core/errors';
import type { PodContext } from '../core/incident/context';
import type { Approval } from '../core/response/approval';
import type { ApprovalNow, PodNow } from '../core/response/approvalNow';
import { type NamedPod, namedPods } from '../core/response/approvalPods';
import type { PodState } from '../core/response/offers';
import { isOpen, latestRecords, type QuarantineRecord, quarantineOf } from '../core/response/record';
import type { Cluster } from './ports';
import { unlessProblem } from './unlessProblem';

type Reader = Pick<Cluster, 'readPod' | 'records' | 'readConfiguration' | 'tryLoadPodState' | 'checkEviction'>;

/**
 * What is known of an Approval's pods now. It costs one call for each pod, of which an Approval has at most 21, and a fixed
 * number for everything else; what cannot be read is said to be unknown.
 */
export async function approvalNow(cluster: Reader, approval: Approval, now: Date): Promise<ApprovalNow> {
  const { incident } = approval.spec;
  const [live, records, configuration] = await Promise.all([
    Promise.all(namedPods(approval).map(async (named) => ({ named, pod: await livePod(cluster, named) }))),
    cluster.records().catch(unlessProblem),
    cluster.readConfiguration().catch(unlessProblem),
  ]);
  const latest = records === null ? null : latestRecords(records);
  const pods = live.map(({ named, pod }) => podNow(named, pod, latest));
  const free = pods.filter(({ state }) => state === 'free');
  const shown = free.find(({ pod }) => pod?.ready === true) ?? free[0] ?? pods.find(({ pod }) => pod !== null);
  const [context, eviction] = await Promise.all([
    shown === undefined ? null : cluster.tryLoadPodState(targetOf(shown), incident, now),
    shown?.state === 'free' && shown.pod !== null
      ? cluster.checkEviction(shown.namespace, shown.name, shown.pod.uid)
      : ('unknown' as const),
  ]);
  return {
    pods,
    context: context?.status === 'found' ? context : null,
    eviction,
    quarantines: (records ?? []).filter(({ spec }) => spec.incident === incident),
    configuration,
  };
}

type Live = PodContext | 'absent' | 'unreadable';

async function livePod(cluster: Pick<Cluster, 'readPod'>, { namespace, name, uid }: NamedPod): Promise<Live> {
  try {
    const pod = await cluster.readPod(namespace, name);
    return uid === null || pod.uid === uid ? pod : 'absent';
  } catch (error) {
    if (!(error instanceof PipelineError)) throw error;
    return error.code === 'not_found' ? 'absent' : 'unreadable';
  }
}

function podNow(named: NamedPod, live: Live, records: ReadonlyMap<string, QuarantineRecord> | null): PodNow {
  if (typeof live === 'string') return { ...named, state: live, pod: null, quarantine: null };
  const record = records?.get(live.uid);
  const state: PodState =
    records === null
      ? 'unreadable'
      : record !== undefined && isOpen(record)
        ? 'quarantined'
        : live.marked
          ? 'foreign'
          : 'free';
  return { ...named, state, pod: live, quarantine: quarantineOf(record) };
}

const targetOf = ({ namespace, name, uid }: NamedPod) => ({
  namespace,
  pod: name,
  podUid: uid,
  container: null,
  image: null,
});
