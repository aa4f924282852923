/** n8n's node Loop Over Items is in no package that unit tests could load, so the committed loops run in the stack's n8n. */
import { randomUUID } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

import { until } from '../../cluster/local/process/wait';
import { ROOT } from '../support/manifests';
import { loadWorkflow } from '../support/workflows';
import { N8n, type WorkflowJson, type WorkflowNode } from './support/n8n';
import { FIRST_START_MS, startStack } from './support/stack';

const PREFIX = 'e2e loops';

let n8n: N8n;

beforeAll(async () => {
  n8n = await N8n.connect(await startStack());
  await n8n.deleteWorkflows(PREFIX);
}, FIRST_START_MS);
afterAll(() => n8n.deleteWorkflows(PREFIX));

type Connections = WorkflowJson['connections'];
const link = (...to: string[]): Connections[string] => ({
  main: [to.map((node) => ({ node, type: 'main', index: 0 }))],
});
const base = (name: string, type: string, typeVersion: number, parameters: Record<string, unknown>): WorkflowNode => ({
  ...{ id: randomUUID(), name, position: [0, 0], typeVersion, parameters },
  type: `n8n-nodes-base.${type}`,
});

interface Task {
  id: string;
  /** How the called workflow ends, if not by giving the item back. */
  ends?: 'with an error' | 'with nothing';
}
const itemOf = ({ id, ends }: Task) => ({ ends, alert: { id: `alert-${id}`, fields: { 'incident.id': id } } });

/** What the loop calls: it gives its item back, fails, or gives nothing. */
function called(name: string): Promise<string> {
  const jsCode = `const { ends, alert } = $input.first().json;
    if (ends === 'with an error') throw new Error('refused ' + alert.id);
    return ends === 'with nothing' ? [] : $input.all();`;
  return n8n.publish({
    name: `${PREFIX} called by ${name}`,
    nodes: [
      base('When Called', 'executeWorkflowTrigger', 1.2, { inputSource: 'passthrough' }),
      base('Act', 'code', 2, { jsCode }),
    ],
    connections: { 'When Called': link('Act') },
    settings: { executionOrder: 'v1', saveDataSuccessExecution: 'all' },
  });
}

interface Started {
  caller: string;
  called: string;
}

/** Runs committed nodes of a workflow, the first of which is a loop, with each list of items as an entry of its own into the loop. */
async function run(id: string, kept: readonly string[], ...entries: Task[][]): Promise<Started> {
  const committed = loadWorkflow(id);
  const [loop = ''] = kept;
  const path = `e2e-loops-${randomUUID()}`;
  const other = await called(path);
  const nodes = committed.nodes
    .filter(({ name }) => kept.includes(name))
    .map((node) => ({ ...node, parameters: { ...node.parameters } }) as unknown as WorkflowNode);
  for (const { type, parameters } of nodes)
    if (type.endsWith('.executeWorkflow')) parameters.workflowId = { __rl: true, mode: 'id', value: other };
  const connections = Object.fromEntries(
    Object.entries(committed.connections)
      .filter(([from]) => kept.includes(from))
      .map(([from, { main = [] }]) => [
        from,
        { main: main.map((output) => output.filter(({ node }) => kept.includes(node))) },
      ]),
  );
  const names = entries.map((_, index) => `Entry ${index + 1}`);
  const caller = await n8n.activate(
    {
      name: `${PREFIX} ${path}`,
      nodes: [
        { ...base('Start', 'webhook', 2, { path, httpMethod: 'POST' }), webhookId: path },
        ...entries.map((tasks, index) =>
          base(names[index] ?? '', 'code', 2, { jsCode: `return ${JSON.stringify(tasks.map(itemOf))}` }),
        ),
        ...nodes,
      ],
      connections: {
        ...connections,
        Start: link(...names),
        ...Object.fromEntries(names.map((name) => [name, link(loop)])),
      },
      settings: { executionOrder: 'v1', saveDataSuccessExecution: 'all' },
    },
    path,
  );
  return { caller, called: other };
}

/** The incidents of each execution of the called workflow, once there are so many. */
const handed = (workflow: string, count: number): Promise<string[][]> =>
  until(`${count} executions of the called workflow`, 60, async () => {
    const executions = await n8n.executions(workflow);
    if (executions.filter(({ status }) => ['success', 'error'].includes(status)).length < count) return undefined;
    const items = await Promise.all(executions.map(async ({ id }) => (await n8n.outputs(id))['When Called'] ?? []));
    return items.map((one) => one.map(({ alert }) => (alert as { id: string }).id)).sort();
  });
const ended = (workflow: string) =>
  until('the end of the execution', 60, async () => {
    const [execution] = await n8n.executions(workflow);
    return execution === undefined || execution.status === 'running' ? undefined : execution;
  });

const loops = readdirSync(join(ROOT, 'workflows'))
  .map((file) => loadWorkflow(file.replace('.json', '')))
  .flatMap(({ id, nodes, connections }) =>
    nodes
      .filter(({ type }) => type === 'n8n-nodes-base.splitInBatches')
      .map(({ name }) => {
        const [call = ''] = (connections[name]?.main?.[1] ?? []).map(({ node }) => node);
        const gives = nodes.find((node) => node.name === call)?.alwaysOutputData === true;
        return [id, name, call, gives] as const;
      }),
  );

test.each(loops)(
  '%s, %s: each item of two entries into the loop has one execution of its own',
  async (id, loop, call, gives) => {
    const quiet: Task[] = gives ? [{ id: 'P3', ends: 'with nothing' }] : [{ id: 'P3' }];
    const { caller, called: other } = await run(
      id,
      [loop, call],
      [{ id: 'P1' }, { id: 'P2' }],
      [...quiet, { id: 'P4' }, { id: 'P5' }],
    );
    expect(await ended(caller)).toMatchObject({ status: 'success' });
    expect(await handed(other, 5)).toEqual(['P1', 'P2', 'P3', 'P4', 'P5'].map((one) => [`alert-${one}`]));
  },
  120_000,
);

test('PagerDuty to Neo reports every task although some fail, and then fails with all that were not reported', async () => {
  const { caller, called: other } = await run(
    'pagerduty-to-neo',
    ['For Each Task', 'Report Task', 'Not Reported?', 'Stop: Not Reported'],
    [{ id: 'P1', ends: 'with an error' }, { id: 'P2' }, { id: 'P3', ends: 'with an error' }, { id: 'P4' }],
  );
  const { id, status } = await ended(caller);
  expect(status).toBe('error');
  expect(await handed(other, 4)).toEqual(['P1', 'P2', 'P3', 'P4'].map((one) => [`alert-${one}`]));
  const { node, message } = await n8n.failure(id);
  expect(node).toBe('Stop: Not Reported');
  expect(message).toMatch(
    /^The Neo task of incident P1 was not reported: refused alert-P1.*\[incident alert-P1\]; The Neo task of incident P3 was not reported: refused alert-P3.*\[incident alert-P3\]$/,
  );
}, 120_000);
