import { setTimeout as pause } from 'node:timers/promises';

import { messageOf } from '../../cluster/local/errors.js';
import type { Component } from '../../cluster/local/process/component.js';
import { isHealthy } from '../../cluster/local/process/health.js';
import { processes, start } from '../../cluster/local/process/supervisor.js';
import { until } from '../../cluster/local/process/wait.js';
import type { Disturbance } from './disturbance.js';
import type { PlannedFault } from './schedule.js';

/** A fault that was done. */
export interface Fault extends PlannedFault {
  /** When it began, in ms since 1970. */
  at: number;
  /** Until the part served again; null if it did not within the limit. */
  downMs: number | null;
  /** Why nothing was done, or null. */
  problem: string | null;
}

/** As long as a process of n8n takes to start on a busy machine. */
const RECOVERY_SECONDS = 120;

interface Running {
  disturbance: Disturbance;
  process: string;
}

/** What lasts now. PostgreSQL keeps what it was told in its folder, so that a run may not end before it is told otherwise. */
const running = new Set<Running>();

/** Ends what an interrupted run left. */
export const endDisturbances = (): Promise<unknown> =>
  Promise.allSettled([...running].map(({ disturbance, process }) => disturbance.end(process)));

/**
 * Lets each part fail at its moment. One that is killed (SIGKILL) is watched until it serves again: the process manager starts it,
 * as it does after any crash, and one that it gave up is started by hand.
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
    const problem = await fail(fault);
    const at = Date.now();
    console.log(
      `${(fault.atMs / 1000).toFixed(1).padStart(8)} s  ${fault.disturbance === undefined ? `kill -9 ${fault.process}` : `${fault.part}: ${fault.process}`}${problem === null ? '' : `: ${problem}`}`,
    );
    const downSince = performance.now();
    recoveries.push(
      (problem === null ? servesAgain(fault, component) : Promise.resolve(true)).then((served) => ({
        ...fault,
        at,
        downMs: served ? performance.now() - downSince : null,
        problem,
      })),
    );
  }
  return Promise.all(recoveries);
}

/** Returns why nothing was done, or null. */
async function fail({ process, disturbance }: PlannedFault): Promise<string | null> {
  if (disturbance === undefined) return kill(process);
  return disturbance.begin(process).then(() => null, messageOf);
}

/** Returns whether the part serves again. */
async function servesAgain({ process, disturbance }: PlannedFault, component: Component): Promise<boolean> {
  if (disturbance === undefined) return recovered(component);
  const lasting = { disturbance, process };
  running.add(lasting);
  await pause(disturbance.holdMs);
  // It may have been killed meanwhile: what it was told is asked of the one that follows.
  return until(`${component.name} is undisturbed again`, RECOVERY_SECONDS, () =>
    disturbance.end(process).then(
      () => running.delete(lasting),
      () => undefined,
    ),
  ).then(
    () => true,
    () => false,
  );
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
