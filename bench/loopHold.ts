import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setImmediate as turn, setTimeout as pause } from 'node:timers/promises';

/** The longest time for which the event loop was held at one go, in milliseconds. */
export interface Hold {
  /** By the clock: on a machine that does other things as well, it holds their time too. */
  clock: number;
  /** Of processor time, which is what the work itself took. */
  processor: number;
}

/** Runs work and returns how long it held the loop at one go. */
export async function longestHold(work: () => Promise<unknown>): Promise<Hold> {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  let running = true;
  const watching = watchTurns(() => running);
  // What the garbage of the work before costs is not this one's.
  await pause(20);
  delay.reset();
  await work();
  running = false;
  const processor = await watching;
  delay.disable();
  return { clock: delay.max / 1e6, processor };
}

/** The most processor time of this thread between two turns of the loop. */
async function watchTurns(running: () => boolean): Promise<number> {
  let longest = 0;
  let before = used();
  while (running()) {
    await turn();
    const now = used();
    longest = Math.max(longest, now - before);
    before = now;
  }
  return longest;
}

function used(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}
