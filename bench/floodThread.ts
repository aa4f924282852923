import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';

import { z } from 'zod/v4';

import { type Flood, type Flooded, flood } from './flood.js';

const taskSchema = z.object({
  to: z.object({ urls: z.object({ n8n: z.string() }), webhookSecret: z.string() }),
  path: z.string(),
  bodies: z.array(z.string()),
});
const floodSchema = z.object({ perSecond: z.number(), statuses: z.map(z.number(), z.number()) });

/** Posts bodies as `flood` does, from a thread of its own: who measures at the same time is not kept waiting by it. */
export async function floodApart(
  { urls: { n8n }, webhookSecret }: Flooded,
  path: string,
  bodies: readonly string[],
): Promise<Flood> {
  const thread = new Worker(new URL(import.meta.url), {
    workerData: { to: { urls: { n8n }, webhookSecret }, path, bodies },
  });
  return new Promise((resolve, reject) => {
    thread.once('message', (result) => {
      resolve(floodSchema.parse(result));
    });
    thread.once('error', reject);
  });
}

if (!isMainThread && parentPort !== null) {
  const { to, path, bodies } = taskSchema.parse(workerData);
  parentPort.postMessage(await flood(to, path, bodies));
}
