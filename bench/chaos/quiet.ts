import { setTimeout as pause } from 'node:timers/promises';

import type { OutputStore } from '../../app/outputs/ports.js';
import type { DecisionLog } from './decisions.js';

const POLL_MS = 3_000;
/** A run that finds no quiet ends all the same. */
const LONGEST_MS = 10 * 60_000;
/** *Deliver Outputs* runs every minute, in one of n8n's processes: as a rule, each has had its turn after a few of them. */
const SHORTEST_DELIVERY_MS = 70_000;

/** Waits until no more decisions are logged for a time, or there are as many as alerts were accepted. */
export async function untilQuiet(log: DecisionLog, accepted: number, quietSeconds: number): Promise<void> {
  const deadline = performance.now() + LONGEST_MS;
  let [last, since] = [-1, performance.now()];
  while (performance.now() < deadline) {
    const decisions = await log.count().then(
      (counted) => counted.decisions,
      () => last,
    );
    if (decisions >= accepted) return;
    if (decisions !== last) [last, since] = [decisions, performance.now()];
    if (performance.now() - since > quietSeconds * 1000) return;
    await pause(POLL_MS);
  }
}

/**
 * Waits until n8n has no log lines that Loki did not get, and what is shown is as expected.
 * @returns how many lines still wait
 */
export async function untilDelivered(
  outputs: Pick<OutputStore, 'waitingOutputs'>,
  quietSeconds: number,
  isShown: () => Promise<boolean>,
): Promise<number> {
  const deadline = performance.now() + Math.max(SHORTEST_DELIVERY_MS, 2 * quietSeconds * 1000);
  for (;;) {
    const waiting = (await outputs.waitingOutputs()).reduce((sum, { lines }) => sum + lines, 0);
    const shown = await isShown().catch(() => false);
    if ((waiting === 0 && shown) || performance.now() > deadline) return waiting;
    await pause(POLL_MS);
  }
}
