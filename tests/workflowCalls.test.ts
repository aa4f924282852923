import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { publishedIds } from '../cluster/local/n8n/workflows';
import { ROOT } from './support/manifests';
import { loadWorkflow, type Workflow, type WorkflowNode } from './support/workflows';

const ERROR_WORKFLOW = 'pipeline-failure';
/** Its failures would notify a person every minute: alert rules report what could not be sent. */
const TRIES_EVERY_MINUTE = 'deliver-outputs';

const workflows = readdirSync(join(ROOT, 'workflows')).map((file) => loadWorkflow(file.replace('.json', '')));

interface Call {
  from: Workflow;
  to: string;
  waits: boolean;
  node: WorkflowNode;
}

/** Of an agent, which waits for it. */
const isTool = ({ type }: WorkflowNode) => type === '@n8n/n8n-nodes-langchain.toolWorkflow';
const isCall = (node: WorkflowNode) => node.type === 'n8n-nodes-base.executeWorkflow' || isTool(node);

const calls: Call[] = workflows.flatMap((from) =>
  from.nodes.filter(isCall).map((node) => {
    const { workflowId, options } = node.parameters as {
      workflowId: { value: string };
      options?: { waitForSubWorkflow?: boolean };
    };
    return { from, to: workflowId.value, waits: options?.waitForSubWorkflow ?? true, node };
  }),
);

const isLoop = ({ type }: WorkflowNode) => type === 'n8n-nodes-base.splitInBatches';
const loops = workflows.flatMap((from) => from.nodes.filter(isLoop).map((node) => ({ from, node })));

const hasNode = ({ nodes }: Workflow, type: string) => nodes.some((node) => node.type === `n8n-nodes-base.${type}`);

const triggerOf = (id: string) =>
  loadWorkflow(id).nodes.filter(({ type }) => type === 'n8n-nodes-base.executeWorkflowTrigger');

test.each(calls.filter(({ node }) => !isTool(node)).map(({ from, to, node }) => [from.id, node.name, to] as const))(
  '%s: %s calls %s, which takes the whole item',
  (_from, _name, to) => {
    expect(triggerOf(to)).toMatchObject([{ parameters: { inputSource: 'passthrough' } }]);
  },
);

test.each(calls.filter(({ node }) => isTool(node)).map(({ node, to }) => [node.name, to, node.parameters] as const))(
  'the tool %s fills every input of %s, which takes nothing else',
  (_name, to, parameters) => {
    const { value } = parameters.workflowInputs as { value: object };
    const values = Object.keys(value).map((name) => ({ name }));
    expect(triggerOf(to)).toMatchObject([
      { parameters: { inputSource: 'workflowInputs', workflowInputs: { values } } },
    ]);
  },
);

test("no call uses n8n's mode that runs once for each item, which n8n 3 does not have", () => {
  expect(calls.filter(({ node }) => node.parameters.mode === 'each').map(({ node }) => node.name)).toEqual([]);
});

describe.each(loops.map(({ from, node }) => [from.id, node.name, from, node] as const))(
  '%s: the loop %s',
  (_id, name, from, loop) => {
    const next = (node: string, output: number) => (from.connections[node]?.main?.[output] ?? []).map((to) => to.node);

    // n8n remembers a loop's items for the whole execution: without a reset, a second entry would be taken for a way back.
    test('calls with one item at a time, and begins again when it is entered after its end', () => {
      expect(loop).toMatchObject({
        typeVersion: 3,
        parameters: { batchSize: 1, options: { reset: `={{ $node["${name}"].context["done"] ?? false }}` } },
      });
    });

    test('goes on with the next item however a call ends', () => {
      const [call] = calls.filter(({ node }) => next(name, 1).includes(node.name));
      expect(next(name, 1)).toEqual([call?.node.name]);
      const { alwaysOutputData = false, onError } = call?.node ?? {};
      const outputs = onError === 'continueErrorOutput' ? [0, 1] : [0];
      for (const output of outputs) expect(next(call?.node.name ?? '', output)).toEqual([name]);
      // A call that gives nothing would end the loop. n8n 3 changes the option where there is an output for errors.
      expect(alwaysOutputData).toBe(call?.waits === true && outputs.length === 1);
    });
  },
);

// A failed sub-workflow starts its own error workflow, and fails the caller that waits for it, which starts the caller's.
describe('a failure is recorded, once', () => {
  test.each(workflows.map((workflow) => [workflow.id, workflow] as const))('in %s', (id, workflow) => {
    const isWaitedFor = calls.some(({ to, waits }) => to === id && waits);
    const isLast = id === ERROR_WORKFLOW || isWaitedFor || id === TRIES_EVERY_MINUTE;
    expect(workflow.settings.errorWorkflow).toBe(isLast ? undefined : ERROR_WORKFLOW);
    expect(hasNode(workflow, 'errorTrigger')).toBe(id === ERROR_WORKFLOW);
    if (isWaitedFor) expect(calls.filter(({ to, waits }) => to === id && !waits)).toEqual([]);
  });

  test('and the record of a failure starts no other', () => {
    expect(reachableFrom(ERROR_WORKFLOW).map((id) => loadWorkflow(id).settings.errorWorkflow)).toEqual([undefined]);
  });
});

/** Everything that a workflow calls, and what those call. */
function reachableFrom(id: string): string[] {
  return calls.filter(({ from }) => from.id === id).flatMap(({ to }) => [to, ...reachableFrom(to)]);
}

test.each(workflows.map(({ id }) => id))('docs/workflows.md says what %s calls', (id) => {
  const page = readFileSync(join(ROOT, 'docs/workflows.md'), 'utf8');
  const [row = ''] = page.split('\n').filter((line) => line.startsWith(`| \`${id}.json\``));
  const [, called = ''] = /\|([^|]*)\|$/.exec(row) ?? [];
  const names = calls.filter(({ from }) => from.id === id).map(({ to }) => loadWorkflow(to).name);
  expect([...called.matchAll(/\*([^*]+)\*/g)].map(([, name]) => name).sort()).toEqual([...new Set(names)].sort());
});

test("what a workflow that runs needs is published, and before it: n8n's editor asks for that order", () => {
  const published = publishedIds(true);
  for (const [index, id] of published.entries()) {
    const needed = calls.filter(({ from, node }) => from.id === id && node.disabled !== true).map(({ to }) => to);
    for (const one of needed) expect(published.slice(0, index)).toContain(one);
  }
  expect(published).toContain(ERROR_WORKFLOW);
});

test('the pod is contained before any other workflow is called', () => {
  const { nodes, connections } = loadWorkflow('incident-pipeline');
  const into = (name: string): string[] =>
    Object.entries(connections).flatMap(([from, { main = [] }]) =>
      main.flat().some(({ node }) => node === name) ? [from] : [],
    );
  const before = (name: string, seen = new Set<string>()): Set<string> => {
    for (const from of into(name)) if (!seen.has(from)) before(from, seen.add(from));
    return seen;
  };
  const called = nodes.filter(isCall).map(({ name }) => name);
  expect(called.length).toBeGreaterThan(0);
  for (const act of ['Contain First', 'Delete Pod', 'Quarantine Pod'])
    for (const name of before(act)) expect(called).not.toContain(name);
});

test("one workflow has the webhook's address", () => {
  const posting = workflows.filter(({ nodes }) =>
    nodes.some(({ type, parameters }) => type === 'n8n-nodes-base.httpRequest' && !('authentication' in parameters)),
  );
  expect(posting.map(({ id }) => id)).toEqual(['notify']);
});
