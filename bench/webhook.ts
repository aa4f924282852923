/**
 * Measures how long PagerDuty waits for the answer to a webhook (it gives up after five seconds): one webhook a second, each
 * of an incident of its own, while all is well behind the trigger, while PagerDuty does not answer, while Neo does not, and
 * while as many tasks end as begin, so that each review has some sixty of them to tell. Prints figures; judges nothing.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';

import { URLS } from '../cluster/local/process/ports.js';
import { enqueue, follow, freshEvent, incidentOf } from '../cluster/local/scenarios/scenarios.js';
import type { Stack } from '../cluster/local/stack.js';
import { up } from '../cluster/local/up.js';
import { deliver, fault, webhookOf } from '../tests/e2e/support/neo.js';
import { percentile } from './percentile.js';

const WARM_UP = 10;
const PAUSE_MS = 1_000;
/** Longer than n8n waits for PagerDuty; Neo is waited for, as its own CLI does. */
const SILENCE_MS = 60_000;
/** Until nobody waits any more. */
const REST_SECONDS = '75';

const CONDITIONS: { name: string; begin: () => Promise<void> }[] = [
  { name: 'all is well', begin: async () => follow({ name: 'never-ends' }) },
  {
    name: 'PagerDuty does not answer',
    begin: async () => fault('pagerDuty', { path: '/alerts', times: 10_000, delayMilliseconds: SILENCE_MS }),
  },
  {
    name: 'Neo does not answer',
    begin: async () => {
      await follow({ name: 'never-ends' });
      await fault('neo', { method: 'POST', path: '/tasks', times: 10_000, delayMilliseconds: SILENCE_MS });
    },
  },
  { name: 'tasks end', begin: async () => follow({ name: 'fixes' }) },
];

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      webhooks: { type: 'string', default: '120' },
      'rest-seconds': { type: 'string', default: REST_SECONDS },
    },
  });
  const { stack } = await up({ simulators: true });
  const subscriptions = await withoutWebhooks();
  try {
    for (const { name, begin } of CONDITIONS) {
      await reset();
      await begin();
      const times = await run(stack, Number(values.webhooks));
      const [p50, p99] = [0.5, 0.99].map((share) => percentile(times, share).toFixed(1));
      console.log(`${name}: ${times.length} webhooks, p50 ${p50 ?? ''} ms, p99 ${p99 ?? ''} ms`);
      await pause(Number(values['rest-seconds']) * 1000);
    }
  } finally {
    await reset();
    await configure({ webhooks: subscriptions });
  }
}

async function run(stack: Stack, webhooks: number): Promise<number[]> {
  const times: number[] = [];
  for (let round = -WARM_UP; round < webhooks; round++) {
    const key = await enqueue(await freshEvent('critical-cve', 'with-context'));
    const body = webhookOf((await incidentOf(key))?.id ?? '');
    const start = performance.now();
    const { status, text } = await deliver(stack, body);
    const took = performance.now() - start;
    if (status !== 202) throw new Error(`n8n answered ${status}: ${text}`);
    if (round >= 0) times.push(took);
    await pause(PAUSE_MS);
  }
  return times;
}

/** The simulated PagerDuty posts nothing by itself meanwhile. Returns what it was told to post. */
async function withoutWebhooks(): Promise<unknown[]> {
  const answer = await fetch(`${URLS.pagerDuty}/_simulator/configuration`);
  const { webhooks } = (await answer.json()) as { webhooks: unknown[] };
  await configure({ webhooks: [] });
  return webhooks;
}

const configure = (settings: object) =>
  fetch(`${URLS.pagerDuty}/_simulator/configuration`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(settings),
  });

const reset = () =>
  Promise.all([URLS.pagerDuty, URLS.neo].map((url) => fetch(`${url}/_simulator/reset`, { method: 'POST' })));

await main();
process.exit();
