import { percentile } from '../percentile.js';
import { BUSY_SHARE, firstToGiveWay, LARGEST_SERVER, mixed, type Need, needsAt } from './capacity.js';
import type { Cell } from './cell.js';
import { BENCHMARK, PARTS, REST } from './parts.js';

/** The rate that the figures are extended to, alerts a second. */
const RATE = 1000;
/** An assumption: in a storm, one alert of a hundred is a new incident. */
const DISTINCT_SHARE = 0.01;

const ms = (values: readonly number[], share: number): string => `${percentile(values, share).toFixed(0)} ms`;
const known = (values: readonly (number | null)[]): number[] => values.filter((value) => value !== null);

export function printContainment(times: Readonly<Record<'single' | 'scaled', readonly number[]>>): void {
  const { single, scaled } = times;
  console.log(`\nAlert POSTed → pod labelled, one at a time, ${single.length} alerts each`);
  for (const share of [0.5, 0.99]) {
    const price = percentile(scaled, share) - percentile(single, share);
    console.log(
      `  p${share * 100}`.padEnd(8) +
        `one process ${ms(single, share).padStart(7)}   queue mode ${ms(scaled, share).padStart(7)}   price of the queue ${price.toFixed(0)} ms`,
    );
  }
}

export function printCells(cells: readonly Cell[], processors: number): void {
  console.log(`\nDistinct alerts: decided a second; p50 and p99 at a share of that rate`);
  for (const { workers, modelSeconds, perSecond, usage, paced, pacedPerSecond, missed } of cells) {
    const [accepted, decided] = [known(paced.timed.map((t) => t.accepted)), known(paced.timed.map((t) => t.decided))];
    const stack = sum(Object.values(usage.parts)) / usage.seconds;
    console.log(
      `  ${workers} workers, model ${modelSeconds} s: ${perSecond.toFixed(1)} alerts/s, ` +
        `processors busy ${(usage.machine / usage.seconds).toFixed(2)} of ${processors} (${stack.toFixed(2)} by the stack and the benchmark)` +
        `\n    at ${pacedPerSecond.toFixed(1)}/s   accepted p50 ${ms(accepted, 0.5)}, p99 ${ms(accepted, 0.99)}` +
        `   decided p50 ${ms(decided, 0.5)}, p99 ${ms(decided, 0.99)}${missed === 0 ? '' : `   NOT DECIDED: ${missed}`}`,
    );
  }
}

export function printPrices(cells: readonly Cell[], prices: readonly Readonly<Record<string, number>>[]): void {
  const row = (name: string, values: readonly string[]): void => {
    console.log(`  ${name.padEnd(46)}${values.map((value) => value.padStart(10)).join('')}`);
  };
  console.log(`\nProcessor time for each alert, in ms, without what the stack uses when there is none`);
  row(
    'workers / model',
    cells.map(({ workers, modelSeconds }) => `${workers} / ${modelSeconds} s`),
  );
  for (const part of [...PARTS.map(({ name }) => name), REST, BENCHMARK])
    row(
      part,
      prices.map((price) => ((price[part] ?? 0) * 1000).toFixed(1)),
    );
  row(
    'all',
    prices.map((price) => (sum(Object.values(price)) * 1000).toFixed(0)),
  );
  console.log(`\nWrites for each alert`);
  const counted = (name: string, of: (cell: Cell) => number, digits: number): void => {
    row(
      name,
      cells.map((cell) => (of(cell) / cell.decided).toFixed(digits)),
    );
  };
  counted('PostgreSQL transactions', ({ counts }) => counts.commits, 1);
  counted("PostgreSQL's log, kB", ({ counts }) => counts.walBytes / 1000, 1);
  counted('Redis commands', ({ counts }) => counts.redisCommands, 1);
  counted('etcd writes', ({ counts }) => counts.etcdWrites, 1);
}

/** @param gatePerRepeat processor seconds of the gate for a repeat that it answers */
export function printCapacity(
  price: Readonly<Record<string, number>>,
  gatePerRepeat: number,
  { workers, modelSeconds }: Cell,
): void {
  console.log(
    `\n${RATE} alerts/s, extended linearly from ${workers} workers and a model of ${modelSeconds} s; ` +
      `a process at most ${BUSY_SHARE * 100} % busy, one server of ${LARGEST_SERVER} processors at most`,
  );
  printNeeds('all distinct', needsAt(RATE, price));
  console.log(`  the gate answers a repeat in ${(gatePerRepeat * 1000).toFixed(2)} ms of processor time`);
  printNeeds(`${DISTINCT_SHARE * 100} % distinct`, needsAt(RATE, mixed(price, gatePerRepeat, DISTINCT_SHARE)));
}

function printNeeds(mix: string, needs: readonly Need[]): void {
  console.log(`  ${mix}`);
  for (const { part, processors, processes, fullAt } of needs)
    console.log(
      `    ${part.padEnd(20)} ${processors.toFixed(1).padStart(7)} processors` +
        (processes === null ? '' : `, ${processes} processes`) +
        (fullAt === null ? '' : `, its only copy is full at ${fullAt.toFixed(0)} alerts/s`),
    );
  const first = firstToGiveWay(needs);
  if (first !== undefined) console.log(`    gives way first: ${first.part}`);
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
