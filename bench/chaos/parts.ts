import type { Plan } from '../../cluster/local/plan.js';
import type { Component } from '../../cluster/local/process/component.js';
import { readOnly, type Refusal, withoutMemory } from './refusals.js';

/** What fails, by the name that people give it. */
export interface Part {
  name: string;
  /** The processes that are this part, of which one fails at a time. */
  processes: readonly string[];
  /** How it fails instead of being killed. */
  refusal?: Refusal;
}

/** The parts of a profile that a run lets fail. The gate, etcd and kwok are left alone: they hold what the run is judged by. */
export function partsOf({ n8n, queue, servers, secrets }: Plan): Part[] {
  const part = (name: string, ...components: readonly Component[]): Part => ({
    name,
    processes: components.map((component) => component.name),
  });
  return [
    part(queue === undefined ? 'n8n' : 'n8n main', n8n),
    ...(queue === undefined
      ? []
      : [
          part('webhook processor', ...queue.webhooks),
          part('worker', ...queue.workers),
          part('Redis', queue.redis),
          part('PostgreSQL', queue.postgresql),
          { ...part('Redis, full', queue.redis), refusal: withoutMemory(secrets) },
          { ...part('PostgreSQL, full', queue.postgresql), refusal: readOnly(secrets) },
        ]),
    part('Loki', servers.loki),
    part('Pushgateway', servers.pushgateway),
    part('API server', servers['kube-apiserver']),
  ];
}
