import { readlink } from 'node:fs/promises';
import { Refusal } from '../errors.js';
import { daemon } from './daemon.js';
import { endLeftovers } from './leftovers.js';

/**
 * Makes sure that what runs of the stack can be reached and managed from here. What a killed process manager left behind
 * is ended.
 * @throws Refusal when the stack runs in another network namespace
 */
export async function recover(say: (text: string) => void): Promise<void> {
  const pid = await daemon();
  if (pid === undefined) {
    const ended = await endLeftovers();
    if (ended > 0) say(`Ended ${ended} processes of a stack whose process manager was killed.`);
    return;
  }
  const [theirs, ours] = [await networkOf(pid), await networkOf('self')];
  if (theirs === undefined || theirs === ours) return;
  throw new Refusal(
    `This checkout's stack runs in another network namespace (process ${pid}) and cannot be reached from here.`,
    'Stop it with ./deploy.sh --local --down, which works from here too, then run the same command again.',
  );
}

/** The network namespace of a process; undefined where the system does not say it. */
async function networkOf(pid: number | 'self'): Promise<string | undefined> {
  return readlink(`/proc/${pid}/ns/net`).catch(() => undefined);
}
