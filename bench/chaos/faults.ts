import { setTimeout as pause } from 'node:timers/promises';

import { messageOf } from '../../cluster/local/errors.js';
import type { Component } from '../../cluster/local/process/component.js';
import { isHealthy } from '../../cluster/local/process/health.js';
import { processes, start } from '../../cluster/local/process/supervisor.js';
import { until } from '../../cluster/local/process/wait.js';
import type { PlannedFault } from './schedule.js';

/** A fault that was done. */
export interface Fault extends PlannedFault {
  /** When the process was killed, in ms since 1970. */
  at: number;
  /** Until the part served again; null if it did not within the limit. */
  downMs: number | null;
  /** Why nothing was killed, or null. */
  problem: string | null;
}

/** As long as a process of n8n takes to start on a busy machine. */
const RECOVERY_SECONDS = 120;

/**
 * Kills each part at its moment (SIGKILL), and watches until it serves again. The process manager starts it, as it does after
 * any crash; one that it gave up is started by hand.
 * @param begin performance.now() of the first alert
 */
export async function carryOut(
  planned: readonly PlannedFault[],
  components: readonly Component[],
  begin: number,
  signal: AbortSignal,
): Promise<Fault[]> {
  const recoveries: Promise<Fault>[] = [];
  for (const fault of planned) {
    await pause(Math.max(0, begin + fault.atMs - performance.now()), undefined, { signal });
    const component = components.find(({ name }) => name === fault.process);
    if (component === undefined) throw new Error(`This stack has no process ${fault.process}.`);
    const problem = await kill(fault.process);
    const at = Date.now();
    console.log(
      `${(fault.atMs / 1000).toFixed(1).padStart(8)} s  kill -9 ${fault.process}${problem === null ? '' : `: ${problem}`}`,
    );
    const downSince = performance.now();
    recoveries.push(
      (problem === null ? recovered(component) : Promise.resolve(true)).then((served) => ({
        ...fault,
        at,
        downMs: served ? performance.now() - downSince : null,
        problem,
      })),
    );
  }
  return Promise.all(recoveries);
}

/** Returns why it was not killed, or null. */
async function kill(name: string): Promise<string | null> {
  const found = (await processes()).find((process) => process.name === name);
  if (found === undefined || found.pid === 0) return 'it was not running';
  try {
    process.kill(found.pid, 'SIGKILL');
    return null;
  } catch (error) {
    return messageOf(error);
  }
}

async function recovered(component: Component): Promise<boolean> {
  // The port of a process that was just killed may still accept a connection.
  await pause(200);
  const serves = (seconds: number): Promise<boolean> =>
    until(`${component.name} serves again`, seconds, async () => (await isHealthy(component)) || undefined).then(
      () => true,
      () => false,
    );
  if (await serves(RECOVERY_SECONDS / 2)) return true;
  await start(component);
  return serves(RECOVERY_SECONDS / 2);
}
