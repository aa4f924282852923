/**
 * Measures how long PagerDuty waits for the answer to a webhook (it gives up after five seconds): one webhook a second, each
 * of an incident of its own, while all is well behind the trigger, while PagerDuty does not answer, while Neo does not,
 * while as many tasks end as begin, so that each review has some sixty of them to tell, and while other alerts are decided
 * with a slow model. In one process of n8n, or in queue mode (--scaled). Prints figures; judges nothing.
 */
import { setTimeout as pause } from 'node:timers/promises';

import { URLS } from '../cluster/local/process/ports.js';
import { enqueue, follow, freshEvent, incidentOf } from '../cluster/local/scenarios/scenarios.js';
import type { Stack } from '../cluster/local/stack.js';
import { up } from '../cluster/local/up.js';
import { numberOf, parse, readCommandLine } from '../cluster/shared/commandLine.js';
import { deliver, fault, webhookOf } from '../tests/e2e/support/neo.js';
import { commit, machine } from './machine.js';
import { percentile } from './percentile.js';
import { otherAlerts } from './scale/otherAlerts.js';
import { playModel } from './scale/playedModel.js';

const WARM_UP = 10;
const PAUSE_MS = 1_000;
/** Longer than n8n waits for PagerDuty; Neo is waited for, as its own CLI does. */
const SILENCE_MS = 60_000;
/** Until nobody waits any more. */
const REST_SECONDS = '75';

interface Condition {
  name: string;
  begin: (stack: Stack) => Promise<() => Promise<void>>;
}

const ended = () => Promise.resolve();

function conditions({ alertsPerSecond, webhooks }: Sizes): Record<(typeof CONDITIONS)[number], Condition> {
  return {
    quiet: { name: 'all is well', begin: () => follow({ name: 'never-ends' }).then(() => ended) },
    pagerduty: {
      name: 'PagerDuty does not answer',
      begin: () =>
        fault('pagerDuty', { path: '/alerts', times: 10_000, delayMilliseconds: SILENCE_MS }).then(() => ended),
    },
    neo: {
      name: 'Neo does not answer',
      begin: async () => {
        await follow({ name: 'never-ends' });
        await fault('neo', { method: 'POST', path: '/tasks', times: 10_000, delayMilliseconds: SILENCE_MS });
        return ended;
      },
    },
    tasks: { name: 'tasks end', begin: () => follow({ name: 'fixes' }).then(() => ended) },
    alerts: {
      name: `${alertsPerSecond} other alerts a second`,
      begin: async (stack) => {
        await follow({ name: 'never-ends' });
        return otherAlerts(stack, alertsPerSecond, (webhooks + WARM_UP) * alertsPerSecond * 2);
      },
    },
  };
}

const CONDITIONS = ['quiet', 'pagerduty', 'neo', 'tasks', 'alerts'] as const;

const WEBHOOK = {
  command: 'npm run bench:webhook',
  about: 'Measures how long PagerDuty waits for the answer to a webhook, whatever happens behind it.',
  options: {
    scaled: { type: 'boolean', default: false, about: 'n8n in queue mode' },
    webhooks: { type: 'string', default: '120', about: 'webhooks in each condition, one a second' },
    'rest-seconds': { type: 'string', default: REST_SECONDS, about: 'between two conditions' },
    'alerts-per-second': { type: 'string', default: '2', about: 'in the condition alerts' },
    'model-seconds': { type: 'string', default: '2', about: 'how long the model takes for a reply' },
    conditions: { type: 'string', default: CONDITIONS.join(','), value: 'NAME,...', about: 'what is measured' },
  },
} as const;

interface Sizes {
  webhooks: number;
  alertsPerSecond: number;
}

interface Options extends Sizes {
  scaled: boolean;
  restSeconds: number;
  modelSeconds: number;
  chosen: (typeof CONDITIONS)[number][];
}

function readOptions(args: readonly string[]): Options {
  const { values } = parse(WEBHOOK, args);
  const names = values.conditions.split(',');
  const chosen = CONDITIONS.filter((name) => names.includes(name));
  if (chosen.length !== names.length) throw new Error(`--conditions are some of ${CONDITIONS.join(',')}.`);
  return {
    scaled: values.scaled,
    chosen,
    webhooks: numberOf('webhooks', values.webhooks, 1, 10_000),
    restSeconds: numberOf('rest-seconds', values['rest-seconds'], 0, 600),
    alertsPerSecond: numberOf('alerts-per-second', values['alerts-per-second'], 0.01, 100),
    modelSeconds: numberOf('model-seconds', values['model-seconds'], 0, 60),
  };
}

async function main(options: Options): Promise<void> {
  const { scaled, modelSeconds, restSeconds, chosen } = options;
  const all = conditions(options);
  console.log(`Machine: ${machine()}, commit ${commit()}; n8n ${scaled ? 'in queue mode' : 'as it is started'}`);
  const model = await playModel();
  model.delay(modelSeconds * 1000);
  const { stack } = await up({ simulators: true, scaled });
  const subscriptions = await withoutWebhooks();
  try {
    for (const { name, begin } of chosen.map((one) => all[one])) {
      await reset();
      const end = await begin(stack);
      const times = await run(stack, options.webhooks);
      await end();
      const [p50, p99] = [0.5, 0.99].map((share) => percentile(times, share).toFixed(1));
      console.log(`${name}: ${times.length} webhooks, p50 ${p50 ?? ''} ms, p99 ${p99 ?? ''} ms`);
      await pause(restSeconds * 1000);
    }
  } finally {
    await reset();
    await configure({ webhooks: subscriptions });
    await model.close();
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

await main(readCommandLine(readOptions));
process.exit();
