/**
 * Measures what n8n in queue mode carries on this machine: decided alerts a second with several numbers of workers and times
 * of the model, what each part pays for an alert, and the price of the queue for an alert's containment. Extends that
 * to 1,000 alerts a second (docs/scaling.md has the assumptions). Prints figures; judges nothing.
 */
import { randomUUID } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';

import { freshAlert, loadAlert, now } from '../cluster/local/alerts/alertFiles.js';
import { messageOf } from '../cluster/local/errors.js';
import { connect } from '../cluster/local/kubernetes/client.js';
import { stopAll } from '../cluster/local/process/supervisor.js';
import { forgetProfile } from '../cluster/local/profile.js';
import type { Stack } from '../cluster/local/stack.js';
import { up } from '../cluster/local/up.js';
import { readCommandLine } from '../cluster/shared/commandLine.js';
import { WEBHOOK_PATH } from '../core/names.js';
import { AMPLE, AMPLE_INCIDENTS, setPolicy } from '../tests/e2e/support/policy.js';
import type { ScriptedModel } from '../tests/support/scriptedModel.js';
import { closeNamespaces, forgetObjects } from './chaos/namespaces.js';
import { Sender } from './chaos/sender.js';
import { flood } from './flood.js';
import { commit, machine } from './machine.js';
import { Playground } from './playground.js';
import { type Cell, measureCell } from './scale/cell.js';
import { load, prepareAlerts } from './scale/load.js';
import { type Options, readOptions } from './scale/options.js';
import { Meter, perAlert, quietest, usedDuring } from './scale/parts.js';
import { playModel } from './scale/playedModel.js';
import { printCapacity, printCells, printContainment, printPrices } from './scale/report.js';

/** n8n loads and compiles for its first executions: so many for each worker. */
const WARM_UP = 20;
const WARM_UP_SECONDS = 90;
/** What ends after the log line, such as the recording of the incident. */
const REST_MS = 3_000;
/** Of the repeats whose price at the gate is measured. */
const REPEATS_PER_ALERT = 80;

interface Measured {
  cells: Cell[];
  prices: Record<string, number>[];
  scaled: number[];
  gatePerRepeat: number;
}

async function main(options: Options): Promise<void> {
  console.log(`Machine: ${machine()}, commit ${commit()}`);
  const model = await playModel();
  await stop();
  try {
    const single = await contain((await up()).stack, options.containments);
    await stop();
    const measured: Measured = { cells: [], prices: [], scaled: [], gatePerRepeat: NaN };
    for (const workers of options.workers) await measure(model, workers, options, measured);
    printContainment({ single, scaled: measured.scaled });
    printCells(measured.cells, availableParallelism());
    printPrices(measured.cells, measured.prices);
    const [cell, price] = [measured.cells.at(-1), measured.prices.at(-1)];
    if (cell !== undefined && price !== undefined) printCapacity(price, measured.gatePerRepeat, cell);
  } finally {
    await stop();
    await model.close();
  }
}

/** Everything with a number of workers; what is measured once is measured with the first number. */
async function measure(model: ScriptedModel, workers: number, options: Options, into: Measured): Promise<void> {
  const { stack } = await up({ scaled: true, workers });
  const cluster = connect();
  const isFirst = into.cells.length === 0;
  model.delay(0);
  // Before the first alert: after its log line, an execution goes on for a while.
  const meter = await Meter.open();
  const idle = await quietest(meter, options.idleSeconds);
  if (isFirst) into.scaled.push(...(await contain(stack, options.containments)));
  await forgetObjects();
  await setPolicy(cluster, { incidents: AMPLE_INCIDENTS, budget: { ...AMPLE, windowMinutes: 1 } });
  const sender = new Sender(stack);
  const opened: string[] = [];
  try {
    const warm = await prepareAlerts(cluster, WARM_UP * workers);
    opened.push(...warm.namespaces);
    await load(stack, sender, warm.alerts, { perSecond: Infinity, limitSeconds: WARM_UP_SECONDS });
    await pause(REST_MS);
    if (isFirst) into.gatePerRepeat = await priceOfRepeat(stack, meter, options.alerts * REPEATS_PER_ALERT);
    for (const modelSeconds of options.modelSeconds) {
      model.delay(modelSeconds * 1000);
      const cell = await measureCell({ stack, cluster, sender, meter, opened }, options, { workers, modelSeconds });
      into.cells.push(cell);
      into.prices.push(perAlert(cell.usage, idle, cell.decided));
      console.log(`  measured: ${workers} workers, model ${modelSeconds} s: ${cell.perSecond.toFixed(1)} alerts/s`);
    }
  } finally {
    await Promise.allSettled([sender.close(), closeNamespaces(cluster, opened), forgetObjects()]);
    await setPolicy(cluster, { budget: { ...AMPLE, windowMinutes: null } });
  }
}

async function contain(stack: Stack, alerts: number): Promise<number[]> {
  const playground = await Playground.open(stack);
  const times: number[] = [];
  for (let round = -5; round < alerts; round += 1) {
    const milliseconds = await playground.contain(WEBHOOK_PATH);
    if (round >= 0) times.push(milliseconds);
  }
  await playground.close();
  return times;
}

/** Processor seconds of the gate for a repeat of an open incident. */
async function priceOfRepeat(stack: Stack, meter: Meter, repeats: number): Promise<number> {
  const alert = await loadAlert('escalate-test');
  const body = freshAlert(alert, now(randomUUID()));
  await flood(
    stack,
    WEBHOOK_PATH,
    Array.from({ length: 20 }, () => body),
  );
  await pause(REST_MS);
  const used = await usedDuring(meter, () =>
    flood(
      stack,
      WEBHOOK_PATH,
      Array.from({ length: repeats }, () => body),
    ),
  );
  return (used.parts.gate ?? 0) / repeats;
}

async function stop(): Promise<void> {
  await stopAll();
  await forgetProfile();
}

for (const name of ['SIGINT', 'SIGTERM'] as const)
  process.once(name, () => {
    console.error('\nInterrupted: the stack is being stopped.');
    void stop().finally(() => process.exit(130));
  });

process.exitCode = await main(readCommandLine(readOptions)).then(
  () => 0,
  (error: unknown) => {
    console.error(`\nError: ${messageOf(error)}`);
    return 1;
  },
);
process.exit();
