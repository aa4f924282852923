import { randomUUID } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

import type { INodeProperties } from 'n8n-workflow';

import type { Stack } from '../../cluster/local/stack';
import { until } from '../../cluster/local/process/wait';
import { ROOT } from '../support/manifests';
import { Editor, workflowFile } from './support/editor';
import { N8n, type WorkflowJson, type WorkflowNode } from './support/n8n';
import { NodeTypes, OURS } from './support/nodeTypes';
import { caOf, connectResponder, responderAccess, tokenOf } from './support/responder';
import { FIRST_START_MS, startStack } from './support/stack';

/** What is imported here has this before its name, so that what an interrupted run left is removed. */
const PREFIX = 'e2e editor';
/** Opted in, with pods. */
const NAMESPACE = 'playground';
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
  incidentPostgresApi: { host: '127.0.0.1', port: 9, database: 'n8n', user: 'n8n', password: 'p', tls: 'off' },
};

/** A busy machine draws a canvas of fifty nodes in many seconds. */
jest.setTimeout(600_000);

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
  await (editor as Editor | undefined)?.stop();
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
    // n8n gives a chosen credential to every node of the workflow that lacks one, too.
    expect(ids).toMatchObject(chosen);
    return workflow;
  });
}

/** Kinds of nodes that were opened, and whose credentials were chosen and changed. */
const tried = new Set<string>();

describe.each(readdirSync(join(ROOT, 'workflows')))('%s', (file) => {
  test('shows what a person needs, and stays what its file says, whatever credential is chosen', async () => {
    const original = workflowFile(file);
    const id = await editor.importFile(file);
    const chosen: Record<string, Record<string, string>> = {};
    for (const node of ours(original)) {
      // Opening and choosing take seconds: of nodes that are set alike one is tried.
      const kind = `${node.type} ${JSON.stringify(node.parameters)}`;
      if (tried.has(kind)) continue;
      tried.add(kind);
      const open = await editor.openNode(node.name);
      await until(`the parameters of ${node.name}`, 10, async () => {
        expect(await open.parameters()).toEqual(types.shown(node).map(({ name }) => name));
        return true;
      });
      const needed = types.credentials(node);
      expect([node.name, await open.credentials()]).toEqual([node.name, needed.map(({ label }) => label)]);
      for (const { type, label } of needed)
        for (const credential of made[type] ?? []) await open.chooseCredential(label, credential);
      await open.close();
      chosen[node.name] = Object.fromEntries(needed.map(({ type }) => [type, made[type]?.[1] ?? '']));
    }
    const { nodes } = await stored(id, chosen);
    expect(wholeOf(nodes)).toEqual(wholeOf(original.nodes));
    await n8n.deleteWorkflow(id);
  });
});

test('the pipeline runs by hand with its pinned sample, without any credential and without acting', async () => {
  const id = await editor.importFile('incident-pipeline.json');
  await editor.execute();
  const execution = await until('the execution', 60, async () =>
    (await n8n.executions(id)).find(({ finished }) => finished === true),
  );
  expect(execution.status).toBe('success');
  const outputs = await n8n.outputs(execution.id);
  const ran = ['ROSES Agent', 'RACE Agent', 'Quarantine Pod', 'Count Incident', 'Log Incident', 'Record Outcome'];
  expect(Object.keys(outputs)).toEqual(expect.arrayContaining(ran));
  expect(outputs['RACE Agent']).toMatchObject([{ decision: { decision: 'quarantine_pod' } }]);
  expect(outputs['Quarantine Pod']).toMatchObject([{ response: { outcome: 'dry_run', changed: [] } }]);
  await n8n.deleteWorkflow(id);
});

/** A workflow with these nodes and nothing between them. */
const workflowOf = (name: string, nodes: Partial<WorkflowNode>[]): WorkflowJson => ({
  name: `${PREFIX} ${name}`,
  nodes: nodes.map((node, index) => ({
    id: randomUUID(),
    name: 'Subject',
    type: '',
    position: [0, 200 * index],
    parameters: {},
    ...node,
  })),
  connections: {},
  settings: {},
});

interface Choice {
  parameter: string;
  label: string;
  value: unknown;
}

const choicesOf = (properties: INodeProperties[]): Choice[] =>
  properties
    .filter(({ type }) => type === 'options')
    .flatMap(({ name, options = [] }) =>
      (options as { name: string; value: unknown }[]).map((option) => ({
        parameter: name,
        label: option.name,
        value: option.value,
      })),
    );
const keyOf = ({ parameter, value }: Choice) => `${parameter}: ${String(value)}`;

describe('every option of every node', () => {
  test('can be chosen, and is stored', async () => {
    const nodes = types.ours().map(({ name, displayName, version }) => ({
      name: displayName,
      type: name,
      typeVersion: [version].flat().at(-1) ?? 1,
    }));
    const placed = workflowOf('options', nodes);
    const id = await n8n.create(placed);
    await editor.openWorkflow(id);
    const expected: Record<string, object> = {};
    for (const node of placed.nodes) {
      const open = await editor.openNode(node.name);
      const chosen = new Set<string>();
      // Those further down first: a choice above may hide them.
      const next = () => choicesOf(types.shown(node)).findLast((choice) => !chosen.has(keyOf(choice)));
      for (let choice = next(); choice !== undefined; choice = next()) {
        await open.chooseOption(choice.parameter, choice.label);
        chosen.add(keyOf(choice));
        node.parameters = types.afterChoice(node, choice.parameter, choice.value);
        // What a choice shows and hides is what n8n itself works out for it.
        await until(`what ${keyOf(choice)} shows`, 10, async () => {
          expect(await open.parameters()).toEqual(types.shown(node).map(({ name }) => name));
          return true;
        });
      }
      await open.close();
      const all = choicesOf(types.of(node).properties).map(keyOf);
      expect([node.name, [...chosen].sort()]).toEqual([node.name, [...new Set(all)].sort()]);
      expected[node.name] = types.whole(node);
    }
    await until('the last choices stored', 30, async () => {
      expect(wholeOf((await n8n.workflow(id)).nodes)).toEqual(expected);
      return true;
    });
  });
});

test("a namespace and a pod of it can be chosen from the cluster's", async () => {
  const access = responderAccess(stack);
  const { core } = await connectResponder(stack);
  const { items } = await core.listNamespacedPod({ namespace: NAMESPACE });
  const pod = items[0]?.metadata?.name ?? '';
  const credential = await n8n.createCredential('kubernetesResponderApi', {
    authentication: 'token',
    server: access.server,
    caCertificate: caOf(access),
    token: tokenOf(access),
  });
  const id = await n8n.create(
    workflowOf('lists', [
      {
        name: 'Read',
        type: `${OURS}k8sQuarantine`,
        typeVersion: 1,
        parameters: { resource: 'pod', operation: 'getContext', podFrom: 'choice' },
        credentials: { kubernetesResponderApi: { id: credential, name: 'e2e' } },
      },
    ]),
  );
  await editor.openWorkflow(id);
  const open = await editor.openNode('Read');
  await open.chooseFromList('namespace', NAMESPACE);
  await open.chooseFromList('pod', pod);
  await open.close();
  await until('the choice stored', 30, async () => {
    expect((await n8n.workflow(id)).nodes[0]?.parameters).toMatchObject({
      namespace: { mode: 'list', value: NAMESPACE },
      pod: { mode: 'list', value: pod },
    });
    return true;
  });
});

test('a new credential made in a trigger changes nothing but the credential', async () => {
  const TRIGGER = `${OURS}securityAlertTrigger`;
  const triggers: [string, string, string][] = [
    ['falcosidekick', 'securityAlertSecretApi', 'secret'],
    ['reports', 'securityReportSecretApi', 'secret'],
    ['pagerDuty', 'pagerDutyWebhookApi', 'secrets'],
  ];
  const id = await n8n.create(
    workflowOf(
      'new credentials',
      triggers.map(([sender, type]) => ({
        name: sender,
        type: TRIGGER,
        typeVersion: 1.1,
        webhookId: randomUUID(),
        parameters: { sender, path: `e2e-editor-${sender}` },
        credentials: { [type]: { id: made[type]?.[0] ?? '', name: 'e2e' } },
      })),
    ),
  );
  const before = await n8n.workflow(id);
  await editor.openWorkflow(id);
  for (const [sender, , field] of triggers) {
    const open = await editor.openNode(sender);
    const [label = ''] = await open.credentials();
    await open.createCredential(label, { [field]: SECRET });
    await open.close();
  }
  const after = await until('other credentials stored', 30, async () => {
    const workflow = await n8n.workflow(id);
    for (const [index, [, type]] of triggers.entries()) {
      const chosen = workflow.nodes[index]?.credentials?.[type]?.id ?? '';
      expect(['', ...(made[type] ?? [])]).not.toContain(chosen);
    }
    return workflow;
  });
  for (const { credentials = {} } of after.nodes)
    for (const credential of Object.values(credentials)) n8n.forget(credential.id);
  expect(wholeOf(after.nodes)).toEqual(wholeOf(before.nodes));
});

describe('the panel that adds nodes', () => {
  const ALL = [
    'Security Alert Trigger',
    'ROSES Agent',
    'RACE Agent',
    'K8s Quarantine',
    'Pushgateway Metrics',
    'Loki Push',
    'Neo Task',
  ];
  const WORDS: Readonly<Record<string, string[]>> = {
    falco: ['Security Alert Trigger'],
    kubernetes: ['Security Alert Trigger', 'K8s Quarantine'],
    quarantine: ['K8s Quarantine'],
    isolate: ['K8s Quarantine'],
    'delete pod': ['K8s Quarantine'],
    pushgateway: ['Pushgateway Metrics'],
    prometheus: ['Pushgateway Metrics'],
    loki: ['Loki Push'],
    pagerduty: ['Security Alert Trigger'],
    neo: ['Neo Task'],
    pulumi: ['Neo Task'],
    roses: ['ROSES Agent'],
    race: ['RACE Agent'],
    incident: ALL,
    security: ALL,
  };

  beforeAll(async () => {
    await editor.openWorkflow(
      await n8n.create(workflowOf('adding', [{ name: 'Start', type: 'n8n-nodes-base.manualTrigger', typeVersion: 1 }])),
    );
  });

  test.each(Object.keys(WORDS))('finds by the word %j what it stands for', async (word) => {
    await editor.search(word);
    await until(`what ${word} stands for`, 20, async () => {
      expect(await editor.found()).toEqual(expect.arrayContaining(WORDS[word] ?? []));
      return true;
    });
  });

  test.each(ALL)('finds, adds and opens %s', async (name) => {
    const open = await editor.add(name);
    const added = await open.name();
    await open.close();
    expect([name, ...types.actions(name)]).toContain(added);
  });
});

describe('n8n publishes no trigger', () => {
  const trigger = (path: string, parameters: object) => ({
    type: `${OURS}securityAlertTrigger`,
    typeVersion: 1.1,
    webhookId: randomUUID(),
    parameters: { path, ...parameters },
    credentials: { securityAlertSecretApi: { id: made.securityAlertSecretApi?.[0] ?? '', name: 'e2e' } },
  });

  test.each<[string, object, RegExp]>([
    ['that nobody chose a sender for', {}, /sender/],
    ["of reports with Falcosidekick's secret", { sender: 'reports' }, /accepts no alerts|Report Secret|credential/i],
  ])('%s', async (_what, parameters, reason) => {
    const path = `e2e-editor-${randomUUID()}`;
    await expect(n8n.publish(workflowOf('misfit', [trigger(path, parameters)]))).rejects.toThrow(reason);
    const answer = await fetch(`${stack.urls.n8n}/webhook/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{}',
    });
    expect(answer.status).toBe(404);
  });
});
