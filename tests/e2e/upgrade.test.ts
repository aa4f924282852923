import { randomUUID } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { nodesFolder, statePath, USER_FOLDER } from '../../cluster/local/paths';
import { until } from '../../cluster/local/process/wait';
import { findLogLine } from '../../cluster/local/scenarios/follow';
import type { Stack } from '../../cluster/local/stack';
import { accepted, alertAbout } from './support/incident';
import { N8n, type WorkflowNode } from './support/n8n';
import { FIRST_START_MS, startStack } from './support/stack';

const EDITED = 'notify';
const NOTE: WorkflowNode = {
  id: randomUUID(),
  name: 'A note of mine',
  type: 'n8n-nodes-base.stickyNote',
  typeVersion: 1,
  position: [0, 0],
  parameters: { content: 'mine' },
};

let stack: Stack;
let n8n: N8n;

beforeAll(async () => {
  stack = await startStack();
  n8n = await N8n.connect(stack);
}, FIRST_START_MS);
afterAll(async () => {
  for (const { id, name } of await n8n.workflows()) if (name.includes('(edited, kept on')) await n8n.deleteWorkflow(id);
});

/** What the next start of the stack finds: nodes, and a workflow, of an earlier version. */
async function makeOlder(): Promise<void> {
  await writeFile(join(nodesFolder(USER_FOLDER), 'installed-from'), 'an earlier package');
  const [imported, last] = [statePath('imported.json'), statePath('imported-workflows.json')];
  await writeFile(imported, JSON.stringify({ ...JSON.parse(await readFile(imported, 'utf8')), workflows: 'earlier' }));
  const workflows = JSON.parse(await readFile(last, 'utf8')) as { id: string; nodes: object[] }[];
  const older = workflows.map((each) => (each.id === EDITED ? { ...each, nodes: each.nodes.slice(1) } : each));
  await writeFile(last, JSON.stringify(older));
}

test(
  'an upgrade decides what was accepted before it, and keeps what a person changed in n8n as a copy',
  async () => {
    const shipped = await n8n.workflow(EDITED);
    const untouched = await n8n.workflow(stack.workflowId);
    await n8n.change(EDITED, { ...shipped, nodes: [...shipped.nodes, NOTE] });
    await makeOlder();
    const since = new Date();
    const incidents: string[] = [];
    for (const kind of ['escalate-test', 'test-shell', 'escalate-test', 'test-shell'])
      incidents.push(await accepted(stack, await alertAbout(kind, randomUUID())));

    stack = await startStack();

    for (const incident of incidents)
      await until(`the decision of ${incident}`, 60, () => findLogLine(stack, incident, since));
    expect((await n8n.workflow(EDITED)).nodes).toEqual(shipped.nodes);
    const all = await n8n.workflows();
    expect(all.find(({ id }) => id === EDITED)).toMatchObject({ active: true });
    const copies = all.filter(({ name }) => name.startsWith(`${shipped.name} (edited, kept on`));
    expect(copies).toEqual([expect.objectContaining({ active: false })]);
    const { nodes } = await n8n.workflow(copies[0]?.id ?? '');
    expect(nodes).toContainEqual(expect.objectContaining({ name: NOTE.name }));
    // Its file did not change: it was not imported again.
    expect(await n8n.workflow(stack.workflowId)).toEqual(untouched);
  },
  FIRST_START_MS,
);
