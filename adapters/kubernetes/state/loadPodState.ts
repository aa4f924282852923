import type { Freshness } from '../../../app/action';
import type { Target } from '../../../core/incident/alert';
import type { FoundContext, PodContext, TargetContext } from '../../../core/incident/context';
import { budgetWorkload } from '../../../core/policy/budget';
import { PipelineError } from '../../../core/errors';
import { isNameOfRecord, latestRecords, type QuarantineRecord, quarantineOf } from '../../../core/response/record';
import type { KubernetesClient } from '../api/client';
import { apiCall } from '../api/errors';
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
 * Reads all that policy needs: the pod, its namespace's mode, its workload, our record, configuration and budget.
 * @throws PipelineError when pod, namespace or records cannot be read
 */
export async function loadPodState(
  client: KubernetesClient,
  target: Target,
  incident: string,
  now: Date,
  freshness: Freshness,
): Promise<TargetContext> {
  const readAt = now.toISOString();
  const [pod, namespace, known] = await Promise.all([
    readPodOf(client, target, freshness).catch(absent),
    readNamespaceOf(client, target.namespace, freshness),
    knownRecords(client),
  ]);
  if (!('value' in pod)) return { status: 'gone', readAt, detail: pod.absent };
  if (target.podUid !== null && target.podUid !== pod.value.uid) {
    const detail = `the live pod has uid ${pod.value.uid}, the incident's had ${target.podUid}`;
    return { status: 'replaced', readAt, detail };
  }
  // Whether the pod is isolated is then unknown; other pods' records are no concern of it.
  for (const [name, error] of known.unreadable) if (isNameOfRecord(name, pod.value.uid)) throw error;
  const { workload, ageMs, problem } = await optionalWorkload(client, target.namespace, pod.value, known.records);
  const quarantine = quarantineOf(latestRecords(known.records).get(pod.value.uid));
  const unit = {
    pod: pod.value.uid,
    namespace: target.namespace,
    workload: budgetWorkload({ workload, quarantine }),
    incident,
  };
  return {
    status: 'found',
    readAt,
    pod: pod.value,
    namespace: namespace.value,
    workload,
    quarantine,
    policy: await readPolicy(client, unit, now),
    readingAgeMs: Math.max(pod.ageMs, namespace.ageMs, known.ageMs, ageMs),
    events: [],
    missing: problem === null ? [] : [problem],
  };
}

/** Only the pod's own absence means that it is gone: a missing resource of ours must not look like it. */
function absent(error: unknown): { absent: string } {
  if (error instanceof PipelineError && error.code === 'not_found')
    return { absent: `${error.message}. ${error.nextStep}` };
  throw error;
}

async function readPodOf(
  client: KubernetesClient,
  { namespace, pod, podUid }: Target,
  freshness: Freshness,
): Promise<Reading<PodContext>> {
  const watched = freshness === 'now' ? null : namespaceWatches(client, namespace).pods.get(pod);
  // A pod that is not the alert's may only be one that the watch has not got yet.
  if (watched !== null && (podUid === null || watched.value.metadata?.uid === podUid))
    return { value: toPodContext(watched.value), ageMs: watched.ageMs };
  return { value: await readPod(client, namespace, pod), ageMs: 0 };
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
  return toPodContext(
    await apiCall({ what: `read pod ${namespace}/${name}`, server: client.server }, () =>
      client.core.readNamespacedPod({ namespace, name }),
    ),
  );
}
