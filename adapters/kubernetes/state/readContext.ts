import type { CoreV1Event } from '@kubernetes/client-node';

import type { Alert, Target } from '../../../core/incident/alert';
import { sanitize } from '../../../core/text/sanitize';
import type { FoundContext, PodContext, TargetContext } from '../../../core/incident/context';
import { PipelineError } from '../../../core/errors';
import type { KubernetesClient } from '../api/client';
import { apiCall } from '../api/errors';
import { loadPodState } from './loadPodState';
import type { Right } from '../api/rights';
import { iso } from './toPodContext';
import { namespaceWatches } from '../api/watch/watches';

/** Kubernetes bounds a pod's labels by the pod's size alone; who reasons about an incident needs no thousands of them. */
const MOST_LABELS = 100;
/** Of a label or annotation: ours on an isolated pod holds all of its labels. */
const LONGEST_VALUE = 2048;

/** Kept, of so many asked for: the API server lists by name, not by time. */
const EVENTS = { kept: 10, asked: 200 };

export const READ_EVENTS_RIGHTS: readonly Right[] = [{ apiGroup: '', resource: 'events', verb: 'list' }];

/**
 * Reads everything that helps to understand an alert: what policy needs, and the pod's events. What cannot be read beyond
 * pod and namespace is named in `missing` and keeps nothing from going on.
 * @throws PipelineError when pod, namespace or records cannot be read
 */
export async function readContext(
  client: KubernetesClient,
  target: Target,
  incident: string,
  now: Date,
  alert: Alert | null = null,
): Promise<TargetContext> {
  // Events are asked for by the pod's name, which is known already, so they need not wait for the pod.
  const [context, events] = await Promise.all([
    loadPodState(client, target, incident, now, 'watched', alert === null ? null : { alert, mayCall: true }),
    optional(readEvents(client, target)),
  ]);
  if (context.status !== 'found') return context;
  const { pod, left } = shownPod(context.pod);
  return {
    ...context,
    pod,
    events: events.value ?? [],
    missing: [
      ...context.missing,
      ...(events.problem === null ? [] : [events.problem]),
      ...(left === null ? [] : [left]),
    ],
  };
}

/** A pod as it is read by a model and kept, and what of it is left out: a tenant may have put anything into a label. */
export function shownPod(pod: PodContext): { pod: PodContext; left: string | null } {
  const labels = Object.entries(pod.labels);
  const left = labels.length - MOST_LABELS;
  return {
    pod: { ...pod, labels: masked(labels.slice(0, MOST_LABELS)), annotations: masked(Object.entries(pod.annotations)) },
    left: left > 0 ? `${left} of the pod's ${labels.length} labels` : null,
  };
}

function masked(values: readonly (readonly [string, string])[]): Record<string, string> {
  return Object.fromEntries(values.map(([name, value]) => [name, sanitize(value, LONGEST_VALUE, name)]));
}

async function optional<T>(reading: Promise<T>): Promise<{ value: T | null; problem: string | null }> {
  try {
    return { value: await reading, problem: null };
  } catch (error) {
    if (!(error instanceof PipelineError)) throw error;
    return { value: null, problem: error.message };
  }
}

/** The pod's last events, latest first. */
export async function readEvents(
  client: KubernetesClient,
  { namespace, pod, podUid }: Pick<Target, 'namespace' | 'pod' | 'podUid'>,
): Promise<FoundContext['events']> {
  const watched = namespaceWatches(client, namespace).events.list();
  const items =
    watched === null ? await listEvents(client, namespace, pod, podUid) : watched.value.filter(isAbout(pod, podUid));
  return items
    .map(toEvent)
    .sort((a, b) => (b.lastSeen ?? '').localeCompare(a.lastSeen ?? ''))
    .slice(0, EVENTS.kept);
}

async function listEvents(
  client: KubernetesClient,
  namespace: string,
  pod: string,
  podUid: string | null,
): Promise<CoreV1Event[]> {
  // By uid where there is one: predecessors of the same name may have left more than are asked for.
  const uid = podUid === null ? '' : `,involvedObject.uid=${podUid}`;
  const { items } = await apiCall({ what: `list events of pod ${namespace}/${pod}`, server: client.server }, () =>
    client.core.listNamespacedEvent({
      namespace,
      fieldSelector: `involvedObject.kind=Pod,involvedObject.name=${pod}${uid}`,
      limit: EVENTS.asked,
    }),
  );
  return items;
}

const isAbout =
  (pod: string, podUid: string | null) =>
  ({ involvedObject: { kind, name, uid } }: CoreV1Event): boolean =>
    kind === 'Pod' && name === pod && (podUid === null || uid === podUid);

/** Events have two forms: newer reporters, the scheduler among them, fill eventTime and series; the others stay null. */
function toEvent(event: CoreV1Event): FoundContext['events'][number] {
  return {
    type: event.type ?? 'Normal',
    reason: sanitize(event.reason ?? '', 128),
    message: sanitize(event.message ?? '', 1024),
    count: event.series?.count ?? event.count ?? 1,
    lastSeen: iso(event.series?.lastObservedTime ?? event.lastTimestamp ?? event.eventTime ?? event.firstTimestamp),
  };
}
