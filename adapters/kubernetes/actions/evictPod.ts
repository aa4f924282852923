import { apiCall } from '../api/errors';
import { type ActionDefinition, type ActionInput, podName } from './action';
import { GONE_WITHIN_MS, waitUntilGone } from './waitUntilGone';

/** Has the pod leave as a drained node's pods do: PodDisruptionBudgets are honoured, and its controller replaces it. */
export const evictPod: ActionDefinition = {
  rights: [{ apiGroup: '', resource: 'pods/eviction', verb: 'create' }],
  run: async (input) => {
    const { dryRun, changed } = input;
    await evict(input);
    if (dryRun) return { outcome: 'dry_run', reason: `pod ${podName(input)} would be evicted` };
    changed.push(`evicted pod ${podName(input)}`);
    const gone = await waitUntilGone(input, 'Evicted');
    return {
      outcome: gone ? 'done' : 'failed',
      reason: gone
        ? 'the pod has left'
        : `eviction was accepted, but the pod is still there after ${GONE_WITHIN_MS / 1000} s`,
    };
  },
};

async function evict(input: ActionInput): Promise<void> {
  const { client, context, dryRun } = input;
  const { pod, namespace } = context;
  await apiCall({ what: `evict pod ${podName(input)}`, server: client.server }, () =>
    client.core.createNamespacedPodEviction({
      namespace: namespace.name,
      name: pod.name,
      body: evictionOf(namespace.name, pod.name, pod.uid, dryRun),
    }),
  );
}

/** An eviction of exactly the pod with this uid. */
export function evictionOf(namespace: string, name: string, uid: string, dryRun: boolean) {
  return {
    apiVersion: 'policy/v1',
    kind: 'Eviction',
    metadata: { name, namespace },
    deleteOptions: { preconditions: { uid }, ...(dryRun ? { dryRun: ['All'] } : {}) },
  };
}
