import { readIncident } from '../core/incident/incident';
import type { Approval } from '../core/response/approval';
import type { PodState } from '../core/response/offers';
import { isOpen } from '../core/response/record';
import type { Cluster } from './ports';

/** The current state of an Approval's pod. */
export async function approvalPod(
  cluster: Pick<Cluster, 'tryLoadPodState' | 'findRecord'>,
  { spec }: Approval,
  now: Date,
): Promise<PodState> {
  const { target } = readIncident(JSON.parse(spec.item) as Record<string, unknown>).alert;
  if (target === null || spec.pod === undefined) return 'unknown';
  const requested = { ...target, podUid: spec.pod.uid ?? target.podUid };
  const context = await cluster.tryLoadPodState(requested, spec.incident, now);
  if (context.status === 'unavailable') return 'unreadable';
  if (context.status !== 'found') return 'absent';
  const record = await cluster.findRecord(context.pod.uid);
  if (record !== null && isOpen(record)) return 'quarantined';
  return context.pod.marked ? 'foreign' : 'free';
}
