import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { execa } from 'execa';

import { CHECKOUT } from '../../cluster/local/paths.js';
import { HOST } from '../../cluster/local/process/ports.js';
import { redisOnPath } from '../../cluster/local/queue/redis.js';
import { freePort } from '../support/freePort.js';
import type { PlainN8n } from './plainN8n.js';

const PATH = 'package';

/** An alert comes by a Webhook node, and goes back with what ROSES and RACE make of it without a model. */
const WORKFLOW = {
  id: 'package-in-queue-mode',
  name: 'The package in queue mode',
  active: false,
  settings: { executionOrder: 'v1' },
  nodes: [
    {
      id: 'a',
      name: 'Webhook',
      type: 'n8n-nodes-base.webhook',
      typeVersion: 2,
      position: [0, 0],
      webhookId: 'b5f1f5c0-5a4f-4a34-9d57-0a6d3f1c2b11',
      parameters: { httpMethod: 'POST', path: PATH, responseMode: 'lastNode', options: {} },
    },
    ...['rosesAgent', 'raceAgent'].map((type, index) => ({
      id: type,
      name: type,
      type: `n8n-nodes-incident-pipeline.${type}`,
      typeVersion: 1,
      position: [200 * (index + 1), 0],
      parameters: {},
    })),
    ...['End'].map((name) => ({
      id: name,
      name,
      type: 'n8n-nodes-base.noOp',
      typeVersion: 1,
      position: [600, 0],
      parameters: {},
    })),
  ],
  connections: {
    Webhook: { main: [[link('rosesAgent')]] },
    rosesAgent: { main: [[link('raceAgent')]] },
    raceAgent: { main: Array.from({ length: 4 }, () => [link('End')]) },
  },
};

function link(node: string): { node: string; type: string; index: number } {
  return { node, type: 'main', index: 0 };
}

/**
 * Has an alert decided by a worker that shares the folder of packages with the main process and a webhook process.
 * @returns the decision, or why it was not tried
 */
export async function decideInQueue(n8n: PlainN8n, folder: string): Promise<string> {
  const redis = await redisOnPath();
  if (redis === undefined) return 'not tried, there is no Redis';
  const port = String(await freePort());
  const server = execa(redis, ['--bind', HOST, '--port', port, '--save', ''], { reject: false, stdio: 'ignore' });
  const queue = { EXECUTIONS_MODE: 'queue', QUEUE_BULL_REDIS_HOST: HOST, QUEUE_BULL_REDIS_PORT: port };
  try {
    const file = join(folder, 'workflow.json');
    await writeFile(file, JSON.stringify(WORKFLOW));
    await n8n.command('import:workflow', `--input=${file}`);
    await n8n.command('publish:workflow', `--id=${WORKFLOW.id}`);
    await n8n.start('start', queue);
    await n8n.start('worker', queue);
    const url = await n8n.start('webhook', queue);
    const alert = await readFile(join(CHECKOUT, 'cluster/local/alerts/test-shell.json'), 'utf8');
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(`${url}/webhook/${PATH}`, { method: 'POST', headers, body: alert });
    const { decision } = (await answer.json()) as { decision?: { decision: string } };
    if (decision === undefined) throw new Error(`The worker decided nothing: HTTP ${answer.status}`);
    return decision.decision;
  } finally {
    await n8n.stop();
    server.kill();
    await server;
  }
}
