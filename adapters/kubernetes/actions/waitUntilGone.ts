import { setInterval } from 'node:timers/promises';

import { unlessGone } from '../api/errors';
import { endRecord } from '../resources/records';
import { readPod } from '../state/loadPodState';
import type { ActionInput } from './action';

const POLL_MS = 200;
export const GONE_WITHIN_MS = 30_000;

/**
 * Waits until the API server knows no pod with that uid any more, and notes in our record what became of it; false when
 * the time is over.
 */
export async function waitUntilGone(input: ActionInput, state: 'Deleted' | 'Evicted'): Promise<boolean> {
  const { client, context, checked, now } = input;
  const { uid } = context.pod;
  const gone = await isGoneInTime(input);
  checked.push(gone ? `no pod with uid ${uid} is left` : `a pod with uid ${uid} is still there`);
  if (gone) await endRecord(client, uid, state, now());
  return gone;
}

async function isGoneInTime(input: ActionInput): Promise<boolean> {
  const deadline = performance.now() + GONE_WITHIN_MS;
  for await (const _ of setInterval(POLL_MS)) {
    if (!(await exists(input))) return true;
    if (performance.now() > deadline) return false;
  }
  return false;
}

async function exists({ client, context: { namespace, pod } }: ActionInput): Promise<boolean> {
  const found = await unlessGone(() => readPod(client, namespace.name, pod.name));
  return found?.uid === pod.uid;
}
