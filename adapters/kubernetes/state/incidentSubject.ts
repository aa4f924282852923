import { type About, ownSubject } from '../../../core/folding/key';
import type { Alert, Target } from '../../../core/incident/alert';
import { SUBJECT_LIMITS } from '../../../core/incident/subject';
import { forgetOldest } from '../../../core/forgetOldest';
import { PipelineError } from '../../../core/errors';
import { LABELS } from '../../../core/names';
import { isOf, latestRecords } from '../../../core/response/record';
import type { TrustClass } from '../../../core/sources/senders';
import { sanitize } from '../../../core/text/sanitize';
import type { KubernetesClient } from '../api/client';
import { responderWatches } from '../api/watch/watches';
import { knownRecords } from '../resources/records';
import { loadTopOwner } from './readWorkload';

/** Pods whose subject is remembered, and for how long where it could not be told for good, milliseconds. */
const REMEMBERED = { pods: 5000, unsureMs: 60_000 } as const;

interface Remembered {
  /** Null where none could be read. What the alert says instead is never remembered: another alert may say something else. */
  owner: About | null;
  until: number;
}

const ofClient = new WeakMap<KubernetesClient, Map<string, Remembered>>();

/**
 * What an alert's incident is about: the top owner of its pod, so that all replicas share one; else what the alert says.
 * Repeats find it without a call.
 */
export async function incidentSubject(client: KubernetesClient, alert: Alert): Promise<About> {
  const { target } = alert;
  if (target === null || isClosed(client, target.namespace)) return ownSubject(alert);
  const remembered = ofClient.get(client) ?? new Map<string, Remembered>();
  ofClient.set(client, remembered);
  const key = keyOf(alert.trust, target);
  const known = remembered.get(key);
  if (known !== undefined && performance.now() < known.until) return known.owner ?? ownSubject(alert);
  const owner = await topOwner(client, target);
  const isFinal = owner !== null && target.podUid !== null;
  remembered.delete(key);
  remembered.set(key, { owner, until: isFinal ? Infinity : performance.now() + REMEMBERED.unsureMs });
  forgetOldest(remembered, REMEMBERED.pods);
  return owner ?? ownSubject(alert);
}

/** A sender of reports can name any uid with any pod, and when: what it asks for says nothing about Falco's alerts. */
function keyOf(trust: TrustClass, { namespace, pod, podUid }: Target): string {
  return JSON.stringify([trust, namespace, pod, podUid]);
}

/** The responder has no rights in a namespace that did not opt in: nothing can be read of its pods. */
export function isClosed(client: KubernetesClient, namespace: string): boolean {
  const watched = responderWatches(client).namespaces.get(namespace);
  return watched !== null && watched.value.metadata?.labels?.[LABELS.response] === undefined;
}

/** By our record where the pod was isolated, since a detached pod has no owner any more; else by the API server. */
async function topOwner(client: KubernetesClient, target: Target): Promise<About | null> {
  const { namespace, podUid } = target;
  try {
    const record = podUid === null ? undefined : latestRecords((await knownRecords(client)).records).get(podUid);
    const recorded = record !== undefined && isOf(record, target) ? record.spec.workload : undefined;
    const owner = recorded ?? (await loadTopOwner(client, target));
    if (owner === null) return null;
    // The creator of a pod writes its owner's kind and name.
    const { kind, name } = SUBJECT_LIMITS;
    return { kind: sanitize(owner.kind, kind), namespace, name: sanitize(owner.name, name) };
  } catch (error) {
    // No right to read, a pod that is gone, an API server that does not answer: the alert's own word groups it.
    if (error instanceof PipelineError) return null;
    throw error;
  }
}
