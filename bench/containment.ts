/**
 * Measures the way from an alert's POST to the labelled pod, as a watch on the API server sees it, without a model:
 * this pipeline beside n8n's own Webhook → HTTP Request, in the same n8n, interleaved, one alert at a time, with
 * executions saved. Prints figures, that of the stack's warm start first; judges nothing.
 */
import { readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';

import { freshAlert, loadAlert, now } from '../cluster/local/alerts.js';
import { type Cluster, connect, freshPod } from '../cluster/local/kubernetes.js';
import type { Stack } from '../cluster/local/stack.js';
import { stopAll } from '../cluster/local/supervisor.js';
import { ensureToken } from '../cluster/local/token.js';
import { LABELS, NAMESPACES, SECRET_HEADER, WEBHOOK_PATH } from '../core/names.js';
import { N8n } from '../tests/e2e/support/n8n.js';
import { up } from '../cluster/local/up.js';
import { BASELINE_PATH, baselineWorkflow } from './baseline.js';
import { LabelWatch } from './labelledPod.js';
import { percentile } from './percentile.js';

/** Of the names of workflows that belong to the benchmark. */
const PREFIX = 'bench ';

const POD = 'pod-quarantine-test';
const WARM_UP = 20;
/** Between two alerts, so that what follows the label (reading back, metrics, log) is over. */
const PAUSE_MS = 250;

type Contestant = 'pipeline' | 'baseline';
const PATHS: Record<Contestant, string> = { pipeline: WEBHOOK_PATH, baseline: BASELINE_PATH };

const SETTINGS = [
  { name: 'n8n as deploy.sh starts it (N8N_EXPRESSION_ENGINE_LAZY_ACQUIRE=true)', lazy: 'true' },
  { name: 'n8n’s default settings', lazy: 'false' },
];

async function main(): Promise<void> {
  // The model's time is not what is measured.
  for (const name of ['OPENAI_API_KEY', 'OPENAI_BASE_URL', 'OPENAI_MODEL']) Reflect.deleteProperty(process.env, name);
  const { values } = parseArgs({ options: { alerts: { type: 'string', default: '200' } } });
  await warmStart();
  for (const { name, lazy } of SETTINGS) {
    process.env.N8N_EXPRESSION_ENGINE_LAZY_ACQUIRE = lazy;
    const { stack } = await up();
    const times = await race(stack, Number(values.alerts));
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

async function race(stack: Stack, alerts: number): Promise<Record<Contestant, number[]>> {
  const cluster = connect();
  const watch = new LabelWatch();
  const n8n = await prepareBaseline(stack, cluster);
  const pod = await freshPod(cluster, POD);
  await watch.start(stack.kubeconfig);
  const times: Record<Contestant, number[]> = { pipeline: [], baseline: [] };
  for (let round = -WARM_UP; round < alerts; round++) {
    // In turns, so that neither always goes first.
    const order: Contestant[] = round % 2 === 0 ? ['pipeline', 'baseline'] : ['baseline', 'pipeline'];
    for (const contestant of order) {
      const milliseconds = await contain(stack, watch, PATHS[contestant], pod.metadata?.uid ?? '');
      if (round >= 0) times[contestant].push(milliseconds);
      await pause(PAUSE_MS);
      await release(cluster, watch);
    }
  }
  watch.stop();
  await n8n.deleteWorkflows(PREFIX);
  await n8n.deleteCredentials();
  return times;
}

async function contain(stack: Stack, watch: LabelWatch, path: string, uid: string): Promise<number> {
  const body = freshAlert(await loadAlert(POD), now(uid));
  const seen = watch.seen(POD, true);
  const start = performance.now();
  const answer = await fetch(`${stack.urls.n8n}/webhook/${path}`, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/json; charset=utf-8',
      'User-Agent': 'Falcosidekick',
      [SECRET_HEADER]: stack.webhookSecret,
    },
    body,
  });
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`);
  await answer.arrayBuffer();
  return (await seen) - start;
}

/** As administrator, outside of what is measured. */
async function release({ core }: Cluster, watch: LabelWatch): Promise<void> {
  const seen = watch.seen(POD, false);
  const body = [{ op: 'remove', path: `/metadata/labels/${LABELS.quarantined.replace('/', '~1')}` }];
  await core.patchNamespacedPod({ name: POD, namespace: NAMESPACES.playground, body });
  await seen;
}

async function prepareBaseline(stack: Stack, cluster: Cluster): Promise<N8n> {
  const n8n = await N8n.connect(stack);
  await n8n.deleteWorkflows(PREFIX);
  const { value } = await ensureToken(cluster);
  const token = await n8n.createCredential('httpHeaderAuth', { name: 'Authorization', value: `Bearer ${value}` });
  const certificate = await n8n.createCredential('httpSslAuth', {
    ca: await readFile(stack.caCertificate, 'utf8'),
    cert: '',
    key: '',
    passphrase: '',
  });
  await n8n.activate(baselineWorkflow(PREFIX, stack.urls.kubernetes, { token, certificate }), BASELINE_PATH);
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

await main();
process.exit();
