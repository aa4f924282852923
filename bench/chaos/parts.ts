import type { Plan } from '../../cluster/local/plan.js';
import type { Component } from '../../cluster/local/process/component.js';
import { jump } from './clock/clocks.js';
import type { Disturbance } from './disturbance.js';
import type { FaultKind } from './options.js';
import { readOnly, withoutMemory } from './refusals.js';

/** What fails, by the name that people give it. */
export interface Part {
  name: string;
  /** The processes that are this part, of which one fails at a time. */
  processes: readonly string[];
  /** How it fails instead of being killed. */
  disturbance?: Disturbance;
}

const HOUR_MS = 3_600_000;

/** The parts of a profile that a run lets fail. The gate, etcd and kwok are left alone: they hold what the run is judged by. */
export function partsOf(plan: Plan, faults: readonly FaultKind[]): Part[] {
  const byKind: Record<FaultKind, () => Part[]> = {
    kill: () => killed(plan),
    refuse: () => refusing(plan),
    clock: () => jumping(plan),
  };
  return faults.flatMap((kind) => byKind[kind]());
}

const part = (name: string, ...components: readonly Component[]): Part => ({
  name,
  processes: components.map((component) => component.name),
});

/** n8n's processes by kind. */
const n8nParts = ({ n8n, queue }: Plan): Part[] =>
  queue === undefined
    ? [part('n8n', n8n)]
    : [part('n8n main', n8n), part('webhook processor', ...queue.webhooks), part('worker', ...queue.workers)];

const killed = (plan: Plan): Part[] => [
  ...n8nParts(plan),
  ...(plan.queue === undefined ? [] : [part('Redis', plan.queue.redis), part('PostgreSQL', plan.queue.postgresql)]),
  part('Loki', plan.servers.loki),
  part('Pushgateway', plan.servers.pushgateway),
  part('API server', plan.servers['kube-apiserver']),
];

const refusing = ({ queue, secrets }: Plan): Part[] =>
  queue === undefined
    ? []
    : [
        { ...part('Redis, full', queue.redis), disturbance: withoutMemory(secrets) },
        { ...part('PostgreSQL, full', queue.postgresql), disturbance: readOnly(secrets) },
      ];

const jumping = (plan: Plan): Part[] =>
  n8nParts(plan).flatMap((each) => [
    { ...each, name: `${each.name}, +1 h`, disturbance: jump(HOUR_MS) },
    { ...each, name: `${each.name}, -1 h`, disturbance: jump(-HOUR_MS) },
  ]);
