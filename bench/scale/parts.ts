import { setTimeout as pause } from 'node:timers/promises';

import { processes } from '../../cluster/local/process/supervisor.js';
import { machineSeconds, processorSeconds } from './processorTime.js';

/** A part of the system, whose price is measured apart. */
export interface Part {
  name: string;
  /** Of its processes' names. */
  processes: RegExp;
  /** How many there may be. */
  copies: 'any' | 'one';
  /** Whether a process of it does most of its work in one thread, so that it can use one processor. */
  oneThread: boolean;
}

export const REST = 'Prometheus, Pushgateway, controllers, kwok';
export const BENCHMARK = 'benchmark (sender and model)';

/** In the order of an alert's way. n8n has several main processes only with an Enterprise license. */
export const PARTS: readonly Part[] = [
  { name: 'gate', processes: /^gate$/, copies: 'any', oneThread: true },
  { name: 'webhook processors', processes: /^n8n-webhook-/, copies: 'any', oneThread: true },
  { name: 'n8n main', processes: /^n8n$/, copies: 'one', oneThread: true },
  { name: 'Redis', processes: /^redis$/, copies: 'one', oneThread: true },
  { name: 'workers', processes: /^n8n-worker-/, copies: 'any', oneThread: true },
  { name: 'PostgreSQL', processes: /^postgresql$/, copies: 'one', oneThread: false },
  { name: 'API server', processes: /^kube-apiserver$/, copies: 'any', oneThread: false },
  { name: 'etcd', processes: /^etcd$/, copies: 'one', oneThread: false },
  { name: 'Loki', processes: /^loki$/, copies: 'any', oneThread: false },
];

/** In which the processor time of a stack without alerts is measured. */
const WINDOWS = 3;

/** Processor seconds by part, and of the whole machine, since some moment. */
export interface Usage {
  parts: Readonly<Record<string, number>>;
  machine: number;
  /** By the clock. */
  seconds: number;
}

/** The running processes of a stack, by part. */
export class Meter {
  private constructor(private readonly partOf: ReadonlyMap<number, string>) {}

  /** @param others parts that the process manager does not run, by their processes' ids */
  static async open(others: ReadonlyMap<number, string> = new Map()): Promise<Meter> {
    const running = (await processes()).filter(({ pid }) => pid > 0);
    return new Meter(new Map([...running.map(({ pid, name }) => [pid, partNamed(name)] as const), ...others]));
  }

  /** Up to now. Only the difference of two of them says something. */
  async now(): Promise<Usage> {
    const { user, system } = process.cpuUsage();
    const parts: Record<string, number> = { [BENCHMARK]: (user + system) / 1e6 };
    const used = await processorSeconds([...this.partOf.keys()]);
    for (const [pid, part] of this.partOf) parts[part] = (parts[part] ?? 0) + (used.get(pid) ?? 0);
    return { parts, machine: await machineSeconds(), seconds: performance.now() / 1000 };
  }
}

const partNamed = (process: string): string => PARTS.find(({ processes: of }) => of.test(process))?.name ?? REST;

/** What was used between two moments. */
export function between(begin: Usage, end: Usage): Usage {
  return {
    parts: mapValues(end.parts, (seconds, part) => seconds - (begin.parts[part] ?? 0)),
    machine: end.machine - begin.machine,
    seconds: end.seconds - begin.seconds,
  };
}

/** What was used in two stretches of time together. */
export function together(one: Usage, other: Usage): Usage {
  return {
    parts: mapValues(one.parts, (seconds, part) => seconds + (other.parts[part] ?? 0)),
    machine: one.machine + other.machine,
    seconds: one.seconds + other.seconds,
  };
}

/** What is used during some work. */
export async function usedDuring(meter: Meter, work: () => Promise<unknown>): Promise<Usage> {
  const begin = await meter.now();
  await work();
  return between(begin, await meter.now());
}

/** What is used without alerts. n8n's schedules and V8's compiler work at some moments, so that the quietest of them counts. */
export async function quietest(meter: Meter, seconds: number): Promise<Usage> {
  const windows: Usage[] = [];
  for (let round = 0; round < WINDOWS; round += 1) windows.push(await usedDuring(meter, () => pause(seconds * 1000)));
  return windows.reduce((least, each) => (total(each) < total(least) ? each : least));
}

const total = ({ parts }: Usage): number => Object.values(parts).reduce((sum, each) => sum + each, 0);

/** Processor seconds for each alert, without those that the stack uses while there is none. */
export function perAlert(busy: Usage, idle: Usage, alerts: number): Record<string, number> {
  return mapValues(busy.parts, (seconds, part) => {
    const always = ((idle.parts[part] ?? 0) / idle.seconds) * busy.seconds;
    return Math.max(0, seconds - always) / alerts;
  });
}

const mapValues = (
  record: Readonly<Record<string, number>>,
  change: (value: number, key: string) => number,
): Record<string, number> =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value, key)]));
