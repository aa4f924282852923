import { setTimeout as pause } from 'node:timers/promises';

import { unfinishedSince } from '../../core/folding/backlog';
import type { IncidentStore } from './ports';

/**
 * How many passes are started at once at most, of those that *Reconcile* makes up for. Each is an execution, and a single n8n
 * process has all of them at the same time: 500 took 1.2 GB, which is near the limit of its container.
 */
export const PORTION = 100;

/** When there is room for the next portion. */
export interface Room {
  /** Passes that were started before do not count. */
  since: Date;
  /** How many of the others may be unfinished. */
  unfinished: number;
  /** How long to wait for it, milliseconds. */
  patienceMs: number;
  /** How long to wait before it is asked again, milliseconds. */
  pauseMs: number;
}

/**
 * Waits until enough of the passes that were started have ended.
 * @returns false when they have not within the time
 * @throws PipelineError when the store cannot be asked
 */
export async function untilRoom(
  { all }: Pick<IncidentStore, 'all'>,
  { since, unfinished, patienceMs, pauseMs }: Room,
): Promise<boolean> {
  const end = performance.now() + patienceMs;
  while (unfinishedSince(await all(), since) > unfinished) {
    if (performance.now() + pauseMs > end) return false;
    await pause(pauseMs);
  }
  return true;
}
