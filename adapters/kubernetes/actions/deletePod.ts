import { hasCode } from '../../../core/errors';
import type { Evidence } from '../../../core/incident/evidence';
import { captureEvidence, EVIDENCE_RIGHTS } from './evidence/capture';
import { apiCall } from '../api/errors';
import { type ActionDefinition, type ActionInput, type ActionResult, podName } from './action';
import { beginIsolation, quarantinePod } from './quarantine/quarantinePod';
import { GONE_WITHIN_MS, waitUntilGone } from './waitUntilGone';

/** Short, so that an attacker's process has no time to clean up; not zero, which would drop the pod before its node confirms. */
const GRACE_SECONDS = 1;

/**
 * Cuts the pod off, captures evidence, then deletes exactly the pod with the uid that was read and waits until the
 * API server knows it no more. A pod that cannot be isolated is deleted all the same: that is what was decided.
 */
export const deletePod: ActionDefinition = {
  rights: [...quarantinePod.rights, ...EVIDENCE_RIGHTS, { apiGroup: '', resource: 'pods', verb: 'delete' }],
  begin: beginIsolation,
  run: async (input) => {
    const isolation = await isolate(input);
    const evidence = input.dryRun ? undefined : await captureEvidence(input);
    await remove(input);
    if (input.dryRun) return { outcome: 'dry_run', reason: `pod ${podName(input)} would be deleted` };
    input.changed.push(`deleted pod ${podName(input)}`);
    const gone = await waitUntilGone(input, 'Deleted');
    return result(gone, isolation, evidence);
  },
};

/** What may pass is thrown, so that all of it is tried again; what was refused does not keep the pod from being deleted. */
async function isolate(input: ActionInput): Promise<ActionResult> {
  try {
    return await quarantinePod.run(input);
  } catch (error) {
    if (!hasCode(error, 'rejected', 'forbidden')) throw error;
    return { outcome: 'failed', reason: error.message };
  }
}

async function remove(input: ActionInput): Promise<void> {
  const { client, context, dryRun } = input;
  const { pod, namespace } = context;
  await apiCall({ what: `delete pod ${podName(input)}`, server: client.server }, () =>
    client.core.deleteNamespacedPod({
      namespace: namespace.name,
      name: pod.name,
      // All options in the body: beside one, the API server ignores those of the query, dryRun included.
      body: {
        preconditions: { uid: pod.uid },
        gracePeriodSeconds: GRACE_SECONDS,
        ...(dryRun ? { dryRun: ['All'] } : {}),
      },
    }),
  );
}

function result(gone: boolean, isolation: ActionResult, evidence: Evidence | undefined): ActionResult {
  const isolated = isolation.outcome === 'done' || isolation.outcome === 'unchanged';
  return {
    outcome: gone ? 'done' : 'failed',
    reason: gone
      ? 'the pod is gone'
      : `deletion was accepted, but the pod is still there after ${GONE_WITHIN_MS / 1000} s: look for finalizers or an unreachable node`,
    contained: isolated ? (isolation.contained ?? null) : null,
    gaps: isolated ? (isolation.gaps ?? []) : [`before its deletion the pod was not isolated: ${isolation.reason}`],
    ...(evidence === undefined ? {} : { evidence }),
  };
}
