import type { Approval } from '../../core/response/approval';
import type { PodState } from '../../core/response/offers';
import { isOpen } from '../../core/response/record';
import { readIncident } from '../../core/incident/incident';
import type { KubernetesClient } from './api/client';
import { tryLoadPodState } from './state/loadPodState';
import { findRecord } from './resources/records';

/** How the pod of an Approval is now. */
export async function podStateOf(client: KubernetesClient, { spec }: Approval, now: Date): Promise<PodState> {
  const { target } = readIncident(JSON.parse(spec.item) as Record<string, unknown>).alert;
  if (target === null || spec.pod === undefined) return 'unknown';
  const asked = { ...target, podUid: spec.pod.uid ?? target.podUid };
  const context = await tryLoadPodState(client, asked, spec.incident, now, 'now');
  if (context.status === 'unavailable') return 'unreadable';
  if (context.status !== 'found') return 'absent';
  const record = await findRecord(client, context.pod.uid);
  if (record !== null && isOpen(record)) return 'quarantined';
  return context.pod.marked ? 'foreign' : 'free';
}
