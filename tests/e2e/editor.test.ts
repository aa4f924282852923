import { readdirSync } from 'node:fs';
import { join } from 'node:path';

import type { Stack } from '../../cluster/local/stack';
import { until } from '../../cluster/local/wait';
import { ROOT } from '../support/manifests';
import { Editor, workflowFile } from './support/editor';
import { N8n, type WorkflowJson, type WorkflowNode } from './support/n8n';
import { NodeTypes, OURS } from './support/nodeTypes';
import { FIRST_START_MS, startStack } from './support/stack';

/** What is imported here bears this in front of its name, so that what an interrupted run left is removed. */
const PREFIX = 'e2e editor';
const SECRET = 'f0e1d2c3b4a5968778695a4b3c2d1e0f';

/** Two of each kind, so that one can be changed for the other. */
const CREDENTIALS: Readonly<Record<string, object>> = {
  securityAlertSecretApi: { secret: SECRET },
  securityReportSecretApi: { secret: SECRET },
  pagerDutyWebhookApi: { secrets: SECRET },
  kubernetesResponderApi: { authentication: 'token', server: 'https://127.0.0.1:9', caCertificate: '', token: 'token' },
  pushgatewayApi: { url: 'http://127.0.0.1:9', username: '', password: '' },
  lokiApi: { url: 'http://127.0.0.1:9', tenant: '', username: '', password: '' },
  pulumiCloudApi: { url: 'https://127.0.0.1:9', organization: 'acme', accessToken: 'token' },
  claimsPostgresApi: { host: '127.0.0.1', port: 9, database: 'n8n', user: 'n8n', password: 'p', tls: 'off' },
};

let stack: Stack;
let n8n: N8n;
let editor: Editor;
let types: NodeTypes;
const made: Record<string, [first: string, second: string]> = {};

beforeAll(async () => {
  stack = await startStack();
  n8n = await N8n.connect(stack);
  await n8n.deleteWorkflows(PREFIX);
  for (const [type, data] of Object.entries(CREDENTIALS))
    made[type] = [await n8n.createCredential(type, data), await n8n.createCredential(type, data)];
  types = await NodeTypes.of(stack);
  editor = await Editor.start(stack);
}, FIRST_START_MS);

afterAll(async () => {
  await editor.stop();
  await n8n.deleteWorkflows(PREFIX);
  await n8n.deleteCredentials();
});

const ours = ({ nodes }: WorkflowJson) => nodes.filter(({ type }) => type.startsWith(OURS));
const wholeOf = (nodes: WorkflowNode[]) => Object.fromEntries(nodes.map((node) => [node.name, types.whole(node)]));

/** A workflow as n8n has it once every node of ours has the credentials that were chosen last. */
async function stored(id: string, chosen: Record<string, Record<string, string>>): Promise<WorkflowJson> {
  return until('the workflow stored with its credentials', 30, async () => {
    const workflow = await n8n.workflow(id);
    const ids = Object.fromEntries(
      ours(workflow).map(({ name, credentials = {} }) => [
        name,
        Object.fromEntries(Object.entries(credentials).map(([type, credential]) => [type, credential.id])),
      ]),
    );
    expect(ids).toEqual(chosen);
    return workflow;
  });
}

describe.each(readdirSync(join(ROOT, 'workflows')))('%s', (file) => {
  test('shows what a person needs, and stays what its file says, whatever credential is chosen', async () => {
    const original = workflowFile(file);
    const id = await editor.importFile(file);
    const chosen: Record<string, Record<string, string>> = {};
    for (const node of ours(original)) {
      const open = await editor.openNode(node.name);
      expect([node.name, await open.parameters()]).toEqual([node.name, types.shown(node).map(({ name }) => name)]);
      const needed = types.credentials(node);
      expect([node.name, await open.credentials()]).toEqual([node.name, needed.map(({ label }) => label)]);
      for (const { type, label } of needed)
        for (const credential of made[type] ?? []) await open.chooseCredential(label, credential);
      await open.close();
      chosen[node.name] = Object.fromEntries(needed.map(({ type }) => [type, made[type]?.[1] ?? '']));
    }
    await stored(id, chosen);
    // Opened once more, and left: what a second look changes would be stored by now.
    for (const node of ours(original)) await (await editor.openNode(node.name)).close();
    await editor.leave();
    const { nodes } = await stored(id, chosen);
    expect(wholeOf(nodes)).toEqual(wholeOf(original.nodes));
    await n8n.deleteWorkflow(id);
  }, 300_000);
});
