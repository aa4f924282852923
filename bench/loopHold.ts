import { setImmediate as turn, setTimeout as pause } from 'node:timers/promises';

/** The longest time for which the event loop was held at one go, in milliseconds. */
export interface Hold {
  /** By the clock: on a machine that does other things as well, it holds their time too. */
  clock: number;
  /**
   * Of the work itself: the smaller of clock and processor time of the same turn, since the clock counts what other
   * processes did meanwhile, and the kernel counts processor time in lumps.
   */
  work: number;
}

/** Runs work and returns how long it held the loop at one go. */
export async function longestHold(work: () => Promise<unknown>): Promise<Hold> {
  let running = true;
  // What the garbage of the work before costs is not this one's.
  await pause(20);
  const watching = watchTurns(() => running);
  await work();
  running = false;
  return watching;
}

/** Looks at the time between two turns of the loop, turn by turn. */
async function watchTurns(running: () => boolean): Promise<Hold> {
  const longest: Hold = { clock: 0, work: 0 };
  let before = { clock: performance.now(), processor: used() };
  while (running()) {
    await turn();
    const now = { clock: performance.now(), processor: used() };
    const clock = now.clock - before.clock;
    longest.clock = Math.max(longest.clock, clock);
    longest.work = Math.max(longest.work, Math.min(clock, now.processor - before.processor));
    before = now;
  }
  return longest;
}

function used(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}
