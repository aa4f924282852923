import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import { sqliteOutputs } from '../../adapters/sqlite/outputs.js';
import type { Component } from '../../cluster/local/process/component.js';
import { OUTPUT_FILE } from '../../core/names.js';
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
 * Waits until no process of n8n has log lines that Loki did not get, and what is shown is as expected.
 * @returns how many lines still wait
 */
export async function untilDelivered(
  n8n: readonly Component[],
  quietSeconds: number,
  isShown: () => Promise<boolean>,
): Promise<number> {
  const deadline = performance.now() + Math.max(SHORTEST_DELIVERY_MS, 2 * quietSeconds * 1000);
  for (;;) {
    const waiting = (await Promise.all(n8n.map(waitingLines))).reduce((sum, lines) => sum + lines, 0);
    const shown = await isShown().catch(() => false);
    if ((waiting === 0 && shown) || performance.now() > deadline) return waiting;
    await pause(POLL_MS);
  }
}

async function waitingLines({ env }: Component): Promise<number> {
  const file = join(env.N8N_USER_FOLDER ?? '', '.n8n', OUTPUT_FILE);
  if (!existsSync(file)) return 0;
  const waiting = await sqliteOutputs(file, () => new Date()).waitingOutputs();
  return waiting.reduce((sum, { lines }) => sum + lines, 0);
}
