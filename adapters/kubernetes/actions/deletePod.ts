import { setInterval } from 'node:timers/promises';

import { PipelineError } from '../../../core/errors';
import { calling } from '../errors';
import { READ_TARGET_RIGHTS, readPod } from '../readTarget';
import type { ActionDefinition, ActionInput } from './action';

/** Short, so that an attacker's process has no time to clean up; not zero, which would drop the pod before its node confirms. */
const GRACE_SECONDS = 1;
const POLL_MS = 200;
const DEADLINE_MS = 30_000;

/** Deletes exactly the pod with the uid that was read, and waits until the API server knows it no more. */
export const deletePod: ActionDefinition = {
  name: 'delete_pod',
  permittedBy: 'delete_pod',
  rights: [...READ_TARGET_RIGHTS, { apiGroup: '', resource: 'pods', verb: 'delete' }],
  run: async (input) => {
    const { client, namespace, pod, dryRun, changed } = input;
    await calling({ what: `delete pod ${namespace}/${pod.name}`, server: client.server }, () =>
      client.core.deleteNamespacedPod({
        namespace,
        name: pod.name,
        // All options in the body: beside one, the API server ignores those of the query, dryRun included.
        body: {
          preconditions: { uid: pod.uid },
          gracePeriodSeconds: GRACE_SECONDS,
          ...(dryRun ? { dryRun: ['All'] } : {}),
        },
      }),
    );
    if (dryRun)
      return {
        outcome: 'dry_run',
        reason: 'the pod would be deleted',
        checked: ['the API server accepted the call in dry run'],
        undo: null,
      };
    changed.push(`deleted pod ${namespace}/${pod.name}`);
    const gone = await waitUntilGone(input);
    return {
      outcome: gone ? 'done' : 'failed',
      reason: gone
        ? 'the pod is gone'
        : `deletion was accepted, but the pod is still there after ${DEADLINE_MS / 1000} s: look for finalizers or an unreachable node`,
      checked: [`pod uid ${pod.uid}`, gone ? 'no pod with that uid is left' : 'a pod with that uid is still there'],
      undo: null,
    };
  },
};

async function waitUntilGone({ client, namespace, pod }: ActionInput): Promise<boolean> {
  const deadline = Date.now() + DEADLINE_MS;
  for await (const _ of setInterval(POLL_MS)) {
    if (!(await exists())) return true;
    if (Date.now() > deadline) return false;
  }
  return false;

  async function exists(): Promise<boolean> {
    try {
      return (await readPod(client, namespace, pod.name)).uid === pod.uid;
    } catch (error) {
      if (error instanceof PipelineError && error.code === 'not_found') return false;
      throw error;
    }
  }
}
