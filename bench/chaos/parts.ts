import type { Plan } from '../../cluster/local/plan.js';
import type { Component } from '../../cluster/local/process/component.js';

/** What is killed, by the name that people give it. */
export interface Part {
  name: string;
  /** The processes that are this part, of which one is killed at a time. */
  processes: readonly string[];
}

/** The parts of a profile that a run kills. The gate, etcd and kwok are left alone: they hold what the run is judged by. */
export function partsOf({ n8n, queue, servers }: Plan): Part[] {
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
        ]),
    part('Loki', servers.loki),
    part('Pushgateway', servers.pushgateway),
    part('API server', servers['kube-apiserver']),
  ];
}
