import { type Cluster, connect } from '../../cluster/local/kubernetes/client';
import type { Stack } from '../../cluster/local/stack';
import { until } from '../../cluster/local/process/wait';
import { JOB } from '../../core/names';
import { EVIDENCE_KINDS } from '../../core/incident/evidence';
import { logged, send } from './support/incident';
import { FIRST_START_MS, startStack } from './support/stack';

let stack: Stack;
let cluster: Cluster;

beforeAll(async () => {
  stack = await startStack();
  cluster = connect();
}, FIRST_START_MS);

interface Line {
  kind: string;
  name: string;
  content: string;
}

/** What Loki has of an incident's evidence. */
async function evidenceOf(incident: string): Promise<Line[]> {
  const query = new URLSearchParams({ query: `{job="${JOB}"} | incident_id="${incident}" | event="evidence"` });
  const answer = await fetch(`${stack.urls.loki}/loki/api/v1/query_range?${query.toString()}`);
  const { data } = (await answer.json()) as { data: { result: { values: [string, string][] }[] } };
  return data.result.flatMap(({ values }) => values.map(([, line]) => JSON.parse(line) as Line));
}

test('before a pod is deleted its manifest, owners, logs, events and node are kept, in Loki', async () => {
  const { incident, uid } = await send(stack, cluster, 'pod-delete-test');
  expect(await logged(stack, incident)).toMatchObject({
    response: {
      action: 'delete_pod',
      outcome: 'done',
      contained: 'partial',
      evidence: { missing: [], durationMs: expect.any(Number) as number },
    },
  });
  const lines = await until('the evidence', 20, async () => {
    const found = await evidenceOf(incident);
    return found.length >= EVIDENCE_KINDS.length ? found : undefined;
  });
  expect(new Set(lines.map(({ kind }) => kind))).toEqual(new Set(EVIDENCE_KINDS));
  const of = (kind: string) => lines.find((line) => line.kind === kind);
  expect(JSON.parse(of('manifest')?.content ?? '{}')).toMatchObject({ metadata: { uid } });
  expect(of('manifest')?.content).not.toContain('managedFields');
  expect(of('logs')).toMatchObject({ name: 'shell' });
  expect(of('logs')?.content.split('\n').length).toBeGreaterThan(1);
  expect(JSON.parse(of('node')?.content ?? '{}')).toHaveProperty('conditions');
}, 60_000);
