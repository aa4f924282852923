import { Pool } from 'undici';

import type { Stack } from '../cluster/local/stack.js';
import { SECRET_HEADER } from '../core/names.js';

/** As many as n8n gets at once from a Falcosidekick with its default settings and a few replicas. */
const CONNECTIONS = 20;

export interface Flood {
  /** Accepted requests a second. */
  perSecond: number;
  /** How often each status was answered. */
  statuses: Map<number, number>;
}

/** What is posted to. */
export type Flooded = Pick<Stack, 'webhookSecret'> & { urls: Pick<Stack['urls'], 'n8n'> };

/** Posts bodies to a webhook's path as fast as they are answered. */
export async function flood({ urls, webhookSecret }: Flooded, path: string, bodies: readonly string[]): Promise<Flood> {
  const pool = new Pool(urls.n8n, { connections: CONNECTIONS });
  const statuses = new Map<number, number>();
  let next = 0;
  const post = async (): Promise<void> => {
    for (let body = bodies[next++]; body !== undefined; body = bodies[next++]) {
      const answer = await pool.request({
        method: 'POST',
        path: `/webhook/${path}`,
        headers: { 'content-type': 'application/json', [SECRET_HEADER]: webhookSecret },
        body,
      });
      await answer.body.dump();
      statuses.set(answer.statusCode, (statuses.get(answer.statusCode) ?? 0) + 1);
    }
  };
  const start = performance.now();
  await Promise.all(Array.from({ length: CONNECTIONS }, post));
  const seconds = (performance.now() - start) / 1000;
  await pool.close();
  const accepted = [...statuses].reduce((sum, [status, count]) => (status < 300 ? sum + count : sum), 0);
  return { perSecond: accepted / seconds, statuses };
}
