import { randomUUID } from 'node:crypto';

import { until } from '../../cluster/local/process/wait';
import type { Stack } from '../../cluster/local/stack';
import { DOCS_AT } from '../../core/names';
import { Editor } from './support/editor';
import { N8n } from './support/n8n';
import { NodeTypes, OURS } from './support/nodeTypes';
import { FIRST_START_MS, startStack } from './support/stack';

const PREFIX = 'e2e docs';

/** A busy machine draws n8n's editor in many seconds. */
jest.setTimeout(600_000);

let stack: Stack;
let n8n: N8n;
let editor: Editor;

beforeAll(async () => {
  stack = await startStack();
  n8n = await N8n.connect(stack);
  await n8n.deleteWorkflows(PREFIX);
  editor = await Editor.start(stack);
}, FIRST_START_MS);

afterAll(async () => {
  await (editor as Editor | undefined)?.stop();
  await n8n.deleteWorkflows(PREFIX);
});

test("n8n serves the page that each node's link names, with the query that its editor appends", async () => {
  const nodes = (await NodeTypes.of(stack)).ours();
  expect(nodes).toHaveLength(7);
  for (const { displayName, codex } of nodes) {
    const url = codex?.resources?.primaryDocumentation?.[0]?.url ?? '';
    // A connection that waited while the browser started may be closed just when it is used again.
    const answer = await until(`the page of ${displayName}`, 20, () =>
      fetch(new URL(`${url}?utm_source=n8n_app`, stack.urls.n8n)),
    );
    expect([displayName, answer.status, answer.headers.get('content-type')]).toEqual([
      displayName,
      200,
      'image/svg+xml',
    ]);
    expect(await answer.text()).toContain(`<title>${displayName}</title>`);
  }
});

test('the links of a node and of its credential open our pages in a browser', async () => {
  const id = await n8n.create({
    name: PREFIX,
    nodes: [
      {
        id: randomUUID(),
        name: 'Subject',
        type: `${OURS}k8sQuarantine`,
        typeVersion: 1,
        position: [0, 0],
        parameters: {},
      },
    ],
    connections: {},
    settings: {},
  });
  await editor.openWorkflow(id);
  const open = await editor.openNode('Subject');
  expect(await open.docs()).toEqual({
    pathname: `${DOCS_AT}/nodes/k8s-quarantine.svg`,
    heading: 'K8s Quarantine',
    inView: true,
  });
  expect(await open.credentialDocs((await open.credentials())[0] ?? '')).toEqual({
    pathname: `${DOCS_AT}/credentials.svg`,
    heading: 'Kubernetes Responder API',
    inView: true,
  });
});
