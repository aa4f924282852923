import { type Cluster, connect } from '../../cluster/local/kubernetes/client';
import type { Stack } from '../../cluster/local/stack';
import { until } from '../../cluster/local/process/wait';
import { loadDashboard, queries } from '../support/dashboard';
import { logged, query, send } from './support/incident';
import { forgetHeartbeats, sendHeartbeat } from './support/heartbeat';
import { N8n } from './support/n8n';
import { reconciling } from './support/reconcile';
import { FIRST_START_MS, startStack } from './support/stack';

let stack: Stack;
let cluster: Cluster;
let n8n: N8n;
const RECONCILE = 'e2e dashboard';
const sent: string[] = [];

beforeAll(async () => {
  stack = await startStack();
  cluster = connect();
  // A rate needs a series that was there before it grew: what happens twice has one, whatever the stack held before.
  for (let round = 0; round < 2; round++) {
    const before = await query(stack, ALL);
    for (const name of ALERTS) {
      const { incident } = await send(stack, cluster, name);
      await logged(stack, incident);
      sent.push(incident);
    }
    // Or by more: what an earlier test sent may be counted only now.
    const grown = before + ALERTS.length;
    await until('the counts', 20, async () => ((await query(stack, ALL)) >= grown ? true : undefined));
  }
  await forgetHeartbeats(stack);
  expect((await sendHeartbeat(stack, 'node-1')).status).toBe(202);
  n8n = await N8n.connect(stack);
  // Its own runs are five minutes apart.
  await reconciling(n8n, RECONCILE, { job: 'nothing' });
}, FIRST_START_MS);
afterAll(async () => {
  await n8n.deleteWorkflows(RECONCILE);
});

const ALL = 'sum(incident_pipeline_events_total)';

/** One of each decision; `test-shell` ends as a false positive. */
const ALERTS = ['pod-delete-test', 'pod-quarantine-test', 'escalate-test', 'test-shell'];

/** What Grafana fills in for the last ten minutes on a screen of 120 points, with all instances and the first incident. */
const filledIn = (expr: string): string =>
  Object.entries({
    $__range: '10m',
    $__rate_interval: '1m',
    $__interval: '5s',
    $instance: '.+',
    $namespace: '.*',
    $rule: '.*',
    $incident: sent[0] ?? '',
  }).reduce((text, [name, value]) => text.replaceAll(name, value), expr);

const all = queries(loadDashboard());
const asked = (source: string) =>
  all.filter((one) => one.source === source).map(({ panel, expr }) => [panel, expr] as const);

test.each(asked('prometheus'))('%s: %s has values', async (_panel, expr) => {
  const parameters = new URLSearchParams({ query: filledIn(expr) });
  await until(expr, 30, async () => {
    const answer = await fetch(`${stack.urls.prometheus}/api/v1/query?${parameters.toString()}`);
    const { data, error } = (await answer.json()) as {
      data?: { result: { value: [number, string] }[] };
      error?: string;
    };
    // A quantile of nothing is NaN: an answer, and an empty panel.
    const values = data?.result.map(({ value }) => Number(value[1])) ?? [];
    if (!values.some(Number.isFinite)) throw new Error(error ?? `it has ${values.length} values that are none`);
    return true;
  });
});

const isCount = (expr: string): boolean => expr.includes('count_over_time');

test.each(asked('loki').filter(([, expr]) => isCount(expr)))('%s: %s has values', async (_panel, expr) => {
  const parameters = new URLSearchParams({ query: filledIn(expr) });
  const answer = await fetch(`${stack.urls.loki}/loki/api/v1/query?${parameters.toString()}`);
  const { data } = (await answer.json()) as { data: { result: { value: [number, string] }[] } };
  expect(data.result.map(({ value }) => Number(value[1])).some((count) => count > 0)).toBe(true);
});

test.each(asked('loki').filter(([, expr]) => !isCount(expr)))('%s: %s has lines', async (_panel, expr) => {
  const parameters = new URLSearchParams({ query: filledIn(expr), start: `${Date.now() - 600_000}000000` });
  const answer = await fetch(`${stack.urls.loki}/loki/api/v1/query_range?${parameters.toString()}`);
  const { data } = (await answer.json()) as { data: { result: { stream: Record<string, string> }[] } };
  expect(data.result.length).toBeGreaterThan(0);
  const columns = [
    'decision',
    'classification',
    'namespace',
    'pod',
    'rule',
    'incident_id',
    'execution_id',
    'workflow_id',
  ];
  expect(data.result.map(({ stream }) => Object.keys(stream))).toContainEqual(expect.arrayContaining(columns));
});

test('the table says who decided and why', async () => {
  const [, expr = ''] = asked('loki').find(([panel]) => panel === 'Incidents') ?? [];
  const parameters = new URLSearchParams({ query: filledIn(expr), start: `${Date.now() - 600_000}000000` });
  const answer = await fetch(`${stack.urls.loki}/loki/api/v1/query_range?${parameters.toString()}`);
  const { data } = (await answer.json()) as { data: { result: { stream: Record<string, string> }[] } };
  const rows = data.result.map(({ stream }) => stream);
  for (const incident of sent)
    expect(rows).toContainEqual(
      expect.objectContaining({
        incident_id: incident,
        decided_by: 'playbook',
        reason: expect.stringMatching(/./) as string,
      }),
    );
});

test('the classification that the false positive rate counts is there', async () => {
  expect(await query(stack, 'sum(incident_pipeline_incident_total{classification="false_positive"})')).toBeGreaterThan(
    0,
  );
});
