import type { V1Pod } from '@kubernetes/client-node';

import type { Freshness } from '../../../app/action';
import type { Target } from '../../../core/incident/alert';
import type { FoundContext, PodContext, TargetContext } from '../../../core/incident/context';
import { budgetWorkload } from '../../../core/policy/budget';
import { hasCode, PipelineError } from '../../../core/errors';
import { isNameOfRecord, latestRecords, type QuarantineRecord, quarantineOf } from '../../../core/response/record';
import type { KubernetesClient } from '../api/client';
import { apiCall } from '../api/errors';
import { type FactSubject, readFacts, rightsFor } from './readFacts';
import { type Reading, readNamespaceOf } from './readNamespace';
import { readWorkload } from './readWorkload';
import { knownRecords } from '../resources/records';
import { readPolicy } from '../resources/responsePolicy';
import type { Right } from '../api/rights';
import { toPodContext } from './toPodContext';
import { namespaceWatches } from '../api/watch/watches';

export const LOAD_POD_STATE_RIGHTS: readonly Right[] = [{ apiGroup: '', resource: 'pods', verb: 'get' }];

/** As readTarget; an API server that cannot be asked becomes a context that says so. */
export async function tryLoadPodState(...asked: Parameters<typeof loadPodState>): Promise<TargetContext> {
  try {
    return await loadPodState(...asked);
  } catch (error) {
    if (!(error instanceof PipelineError)) throw error;
    return { status: 'unavailable', readAt: asked[3].toISOString(), detail: `${error.message}. ${error.nextStep}` };
  }
}

/**
 * Reads all that policy needs: the pod, its namespace's mode, its workload, our record, configuration and budget; and the
 * facts about the pod for an alert, if there is one.
 * @throws PipelineError when pod, namespace or records cannot be read
 */
export async function loadPodState(
  client: KubernetesClient,
  target: Target,
  incident: string,
  now: Date,
  freshness: Freshness,
  subject: FactSubject | null = null,
): Promise<TargetContext> {
  const readAt = now.toISOString();
  const [read, namespace, known] = await Promise.all([
    readPodOf(client, target, freshness).catch(absent),
    readNamespaceOf(client, target.namespace, freshness),
    knownRecords(client),
  ]);
  if (!('value' in read)) return { status: 'gone', readAt, detail: read.absent };
  const pod = toPodContext(read.value);
  if (target.podUid !== null && target.podUid !== pod.uid) {
    const detail = `the live pod has uid ${pod.uid}, the incident's had ${target.podUid}`;
    return { status: 'replaced', readAt, detail };
  }
  // Whether the pod is isolated is then unknown; other pods' records are no concern of it.
  for (const [name, error] of known.unreadable) if (isNameOfRecord(name, pod.uid)) throw error;
  const [{ workload, ageMs, problem }, rights] = await Promise.all([
    optionalWorkload(client, target.namespace, pod, known.records),
    subject === null ? null : rightsFor(client, read.value, subject),
  ]);
  const quarantine = quarantineOf(latestRecords(known.records).get(pod.uid));
  const owner = quarantine?.workload ?? workload?.top ?? pod.owner;
  const unit = {
    pod: pod.uid,
    namespace: target.namespace,
    workload: budgetWorkload({ workload, quarantine }),
    incident,
  };
  return {
    status: 'found',
    readAt,
    ...(subject === null ? {} : { facts: readFacts(client, read.value, subject, { rights, owner, now }) }),
    pod,
    namespace: namespace.value,
    workload,
    quarantine,
    policy: await readPolicy(client, unit, now),
    readingAgeMs: Math.max(read.ageMs, namespace.ageMs, known.ageMs, ageMs),
    events: [],
    missing: problem === null ? [] : [problem],
  };
}

/** Only the pod's own absence means that it is gone: a missing resource of ours must not look like it. */
function absent(error: unknown): { absent: string } {
  if (hasCode(error, 'not_found')) return { absent: `${error.message}. ${error.nextStep}` };
  throw error;
}

async function readPodOf(
  client: KubernetesClient,
  { namespace, pod, podUid }: Target,
  freshness: Freshness,
): Promise<Reading<V1Pod>> {
  const watched = freshness === 'now' ? null : namespaceWatches(client, namespace).pods.get(pod);
  // A pod that is not the alert's may only be one that the watch has not got yet.
  if (watched !== null && (podUid === null || watched.value.metadata?.uid === podUid))
    return { value: watched.value, ageMs: watched.ageMs };
  return { value: await fetchPod(client, namespace, pod), ageMs: 0 };
}

/** An owner that cannot be read leaves policy without replicas to count, and the reader with a note. */
async function optionalWorkload(
  client: KubernetesClient,
  namespace: string,
  pod: PodContext,
  records: readonly QuarantineRecord[],
): Promise<{ workload: FoundContext['workload']; ageMs: number; problem: string | null }> {
  try {
    return { ...(await readWorkload(client, namespace, pod, records)), problem: null };
  } catch (error) {
    if (!(error instanceof PipelineError)) throw error;
    return { workload: null, ageMs: 0, problem: error.message };
  }
}

/** Reads one pod as it is now. @throws PipelineError `not_found` when there is none of that name */
export async function readPod(client: KubernetesClient, namespace: string, name: string): Promise<PodContext> {
  return toPodContext(await fetchPod(client, namespace, name));
}

function fetchPod(client: KubernetesClient, namespace: string, name: string): Promise<V1Pod> {
  return apiCall({ what: `read pod ${namespace}/${name}`, server: client.server }, () =>
    client.core.readNamespacedPod({ namespace, name }),
  );
}
