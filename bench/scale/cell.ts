import { setTimeout as pause } from 'node:timers/promises';

import type { Cluster } from '../../cluster/local/kubernetes/client.js';
import type { Stack } from '../../cluster/local/stack.js';
import type { Sender } from '../chaos/sender.js';
import { type Counts, countsBetween, countsNow } from './counts.js';
import { type Load, load, prepareAlerts } from './load.js';
import type { Options } from './options.js';
import { between, type Meter, type Usage } from './parts.js';

/** Longer than a queue of the largest run takes. */
const LIMIT_SECONDS = 120;
/** What an execution does after its log line. */
const APART_MS = 3_000;

/** What was measured with a number of workers and a time of the model. */
export interface Cell {
  workers: number;
  modelSeconds: number;
  /** Decided a second, while alerts were posted as fast as they were accepted. */
  perSecond: number;
  /** Meanwhile. */
  usage: Usage;
  counts: Counts;
  /** Alerts that were decided meanwhile. */
  decided: number;
  /** At `pacedPerSecond` alerts a second, a share of that. */
  paced: Load;
  pacedPerSecond: number;
  /** Alerts that were not accepted or not decided, in both. */
  missed: number;
}

interface Means {
  stack: Stack;
  cluster: Cluster;
  sender: Sender;
  meter: Meter;
  /** Namespaces that were opened and that somebody has to close. */
  opened: string[];
}

/** Measures the rate, and then the times at a share of it. */
export async function measureCell(
  { stack, cluster, sender, meter, opened }: Means,
  { alerts, paced, share }: Options,
  { workers, modelSeconds }: Pick<Cell, 'workers' | 'modelSeconds'>,
): Promise<Cell> {
  const many = await prepareAlerts(cluster, alerts);
  const few = await prepareAlerts(cluster, paced);
  opened.push(...many.namespaces, ...few.namespaces);

  await pause(APART_MS);
  const [begin, before] = [await meter.now(), await countsNow()];
  const fast = await load(stack, sender, many.alerts, { perSecond: Infinity, limitSeconds: LIMIT_SECONDS });
  const [end, after] = [await meter.now(), await countsNow()];
  const decided = fast.timed.filter((each) => each.decided !== null).length;
  const perSecond = decided / (fast.milliseconds / 1000);

  const pacedPerSecond = share * perSecond;
  await pause(APART_MS);
  const slow = await load(stack, sender, few.alerts, { perSecond: pacedPerSecond, limitSeconds: LIMIT_SECONDS });
  return {
    workers,
    modelSeconds,
    perSecond,
    usage: between(begin, end),
    counts: countsBetween(before, after),
    decided,
    paced: slow,
    pacedPerSecond,
    missed: [...fast.timed, ...slow.timed].filter((each) => each.decided === null).length,
  };
}
