import { setTimeout as pause } from 'node:timers/promises';

import { type Cluster, connect, findPod } from '../../cluster/local/kubernetes/client';
import type { Stack } from '../../cluster/local/stack';
import { accepted, alertAbout, grownTo, logged, query, send } from './support/incident';
import { FIRST_START_MS, startStack } from './support/stack';

let stack: Stack;
let cluster: Cluster;

beforeAll(async () => {
  stack = await startStack();
  cluster = connect();
}, FIRST_START_MS);

/** Two scrapes of the stack's Prometheus. */
const SCRAPED_MS = 5000;

/** Every pushed series of the pipeline but the self-tests' own and the time of the last count, as Pushgateway has it. */
async function incidentSeries(): Promise<string[]> {
  const exposition = await (await fetch(`${stack.urls.pushgateway}/metrics`)).text();
  return exposition
    .split('\n')
    .filter((line) => /^incident_pipeline_(?!synthetic_|last_count_)/.test(line))
    .sort();
}

const counted = 'sum(incident_pipeline_synthetic_total{decision="delete_pod"})';

test.each([true, 'true'])(
  'a self-test (%j) is acted on, logged as one, and moves no series of incidents',
  async (mark) => {
    // So that there are series to move.
    const real = await send(stack, cluster, 'test-shell');
    await logged(stack, real.incident);
    await pause(SCRAPED_MS);
    const [series, tests] = [await incidentSeries(), await query(stack, counted)];
    expect(series.length).toBeGreaterThan(20);

    const { incident, uid } = await send(
      stack,
      cluster,
      'pod-delete-test',
      (alert) => (alert.output_fields.synthetic = mark),
    );
    expect(await logged(stack, incident)).toMatchObject({
      synthetic: true,
      decision: 'delete_pod',
      response: { action: 'delete_pod', outcome: 'done', target: { uid } },
    });
    expect((await findPod(cluster, 'pod-delete-test'))?.metadata?.uid).not.toBe(uid);
    await grownTo(stack, counted, tests + 1);
    expect(await incidentSeries()).toEqual(series);
    const left = await linesOf(`{job="incident-pipeline"} | incident_id="${incident}" | synthetic!="true"`);
    expect(left).toBe(0);
  },
);

test('a pod that speaks of the mark in its command line is an incident like any other', async () => {
  // What the test before this one sent is counted after its log line.
  await pause(SCRAPED_MS);
  const before = await query(stack, 'sum(incident_pipeline_events_total)');
  const body = await alertAbout(
    'test-shell',
    '',
    (alert) => (alert.output_fields['proc.cmdline'] = 'sh -c ": , \\"synthetic\\": true"'),
  );
  const incident = await accepted(stack, body);
  expect(await logged(stack, incident)).toMatchObject({ synthetic: false });
  await grownTo(stack, 'sum(incident_pipeline_events_total)', before + 1);
  expect(await linesOf(`{job="incident-pipeline"} | incident_id="${incident}" | synthetic!="true"`)).toBe(1);
});

async function linesOf(query: string): Promise<number> {
  const parameters = new URLSearchParams({ query, start: `${Date.now() - 120_000}000000` });
  const answer = await fetch(`${stack.urls.loki}/loki/api/v1/query_range?${parameters.toString()}`);
  const { data } = (await answer.json()) as { data: { result: { values: unknown[] }[] } };
  return data.result.flatMap(({ values }) => values).length;
}
