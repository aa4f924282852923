/**
 * Measures the way from an alert's POST to the labelled pod, as a watch on the API server sees it, without a model:
 * this pipeline beside n8n's own Webhook → HTTP Request, in the same n8n, interleaved, one alert at a time, with
 * executions saved. Prints figures, that of the stack's warm start first; judges nothing.
 */
import type { Stack } from '../cluster/local/stack.js';
import { stopAll } from '../cluster/local/process/supervisor.js';
import { WEBHOOK_PATH } from '../core/names.js';
import { N8n } from '../tests/e2e/support/n8n.js';
import { up } from '../cluster/local/up.js';
import { numberOf, parse, readCommandLine } from '../cluster/shared/commandLine.js';
import { BASELINE_PATH, baselineWorkflow, createServerCredentials } from './baseline.js';
import { percentile } from './percentile.js';
import { Playground } from './playground.js';
import { withoutModel } from './scale/playedModel.js';

/** Of the names of workflows that belong to the benchmark. */
const PREFIX = 'bench ';

/** More than these take an hour. */
const MOST = 10_000;

type Contestant = 'pipeline' | 'baseline';
const PATHS: Record<Contestant, string> = { pipeline: WEBHOOK_PATH, baseline: BASELINE_PATH };

const SETTINGS = [
  { name: 'n8n as deploy.sh starts it (N8N_EXPRESSION_ENGINE_LAZY_ACQUIRE=true)', lazy: 'true' },
  { name: "n8n's default settings", lazy: 'false' },
];

const BENCH = {
  command: 'npm run bench',
  about: "Measures the time from an alert's POST to the labelled pod, beside n8n's own nodes.",
  options: {
    alerts: { type: 'string', default: '200', about: 'alerts of each' },
    'warm-up': { type: 'string', default: '20', about: 'alerts before the first that counts' },
  },
} as const;

function readSizes(args: readonly string[]): { alerts: number; warmUp: number } {
  const { values } = parse(BENCH, args);
  return {
    alerts: numberOf('alerts', values.alerts, 1, MOST),
    warmUp: numberOf('warm-up', values['warm-up'], 0, MOST),
  };
}

async function main({ alerts, warmUp }: { alerts: number; warmUp: number }): Promise<void> {
  withoutModel();
  await warmStart();
  for (const { name, lazy } of SETTINGS) {
    process.env.N8N_EXPRESSION_ENGINE_LAZY_ACQUIRE = lazy;
    const { stack } = await up();
    const times = await race(stack, alerts, warmUp);
    report(name, times);
  }
}

/** Everything is built and installed; nothing runs. */
async function warmStart(): Promise<void> {
  await up();
  await stopAll();
  const start = performance.now();
  await up();
  console.log(`\nWarm start of the embedded stack: ${((performance.now() - start) / 1000).toFixed(1)} s`);
}

async function race(stack: Stack, alerts: number, warmUp: number): Promise<Record<Contestant, number[]>> {
  const n8n = await prepareBaseline(stack);
  const playground = await Playground.open(stack);
  const times: Record<Contestant, number[]> = { pipeline: [], baseline: [] };
  for (let round = -warmUp; round < alerts; round++) {
    // In turns, so that neither always goes first.
    const order: Contestant[] = round % 2 === 0 ? ['pipeline', 'baseline'] : ['baseline', 'pipeline'];
    for (const contestant of order) {
      const milliseconds = await playground.contain(PATHS[contestant]);
      if (round >= 0) times[contestant].push(milliseconds);
    }
  }
  await playground.close();
  await n8n.deleteWorkflows(PREFIX);
  await n8n.deleteCredentials();
  return times;
}

async function prepareBaseline(stack: Stack): Promise<N8n> {
  const n8n = await N8n.connect(stack);
  await n8n.deleteWorkflows(PREFIX);
  const credentials = await createServerCredentials(n8n, stack);
  await n8n.activate(baselineWorkflow(PREFIX, stack.urls.kubernetes, credentials), BASELINE_PATH);
  return n8n;
}

function report(name: string, times: Record<Contestant, number[]>): void {
  const p = (contestant: Contestant, share: number) => percentile(times[contestant], share);
  const row = (label: string, share: number) => {
    const [ours, theirs] = [p('pipeline', share), p('baseline', share)];
    return `  ${label}   pipeline ${ours.toFixed(1).padStart(7)} ms   Webhook → HTTP Request ${theirs.toFixed(1).padStart(7)} ms   ratio ${(ours / theirs).toFixed(2)}`;
  };
  console.log(
    `\n${name}: alert POSTed → pod labelled, ${times.pipeline.length} alerts each\n${row('p50', 0.5)}\n${row('p99', 0.99)}`,
  );
}

await main(readCommandLine(readSizes));
process.exit();
