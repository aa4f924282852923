import { type Cluster, connect } from '../../cluster/local/kubernetes/client';
import type { Stack } from '../../cluster/local/stack';
import { until } from '../../cluster/local/process/wait';
import { NAMESPACES } from '../../core/names';
import { type RunningServer, serve } from '../support/httpServer';
import { events, grownTo, logged, query, send } from './support/incident';
import { N8n, type WorkflowJson, type WorkflowNode } from './support/n8n';
import { FIRST_START_MS, startStack } from './support/stack';

/** The variants' names; those of a run that was interrupted are removed as well. */
const PREFIX = 'e2e ';

/** Nothing listens here. */
const NOWHERE = 'http://127.0.0.1:9';

let stack: Stack;
let cluster: Cluster;
let n8n: N8n;

beforeAll(async () => {
  stack = await startStack();
  cluster = connect();
  n8n = await N8n.connect(stack);
  await n8n.deleteWorkflows(PREFIX);
}, FIRST_START_MS);
afterAll(async () => {
  await n8n.deleteWorkflows(PREFIX);
  await n8n.deleteCredentials();
});

type Change = (node: WorkflowNode) => void;

/**
 * The same workflow under another path, with nodes changed as a user might, there and in copies of the workflows that
 * notify and record its failures. Returns its id, and that of the workflow that records its failures.
 */
async function variant(path: string, change: Change): Promise<{ pipeline: string; failure: string }> {
  const notify = await n8n.publish(await copy('notify', path, change));
  const failure = await n8n.publish(calling(await copy('pipeline-failure', path, change), notify));
  const workflow = calling(await copy(stack.workflowId, path, change), notify);
  for (const node of workflow.nodes)
    if (node.type.endsWith('securityAlertTrigger'))
      Object.assign(node, { parameters: { ...node.parameters, path }, webhookId: path });
  const settings = { ...workflow.settings, errorWorkflow: failure };
  return { pipeline: await n8n.activate({ ...workflow, settings }, path), failure };
}

async function copy(id: string, path: string, change: Change): Promise<WorkflowJson> {
  const workflow = await n8n.workflow(id);
  workflow.nodes.forEach(change);
  return { ...workflow, name: `${PREFIX}${path} ${id}` };
}

function calling(workflow: WorkflowJson, notify: string): WorkflowJson {
  for (const node of workflow.nodes)
    if (node.name === 'Notify') node.parameters.workflowId = { __rl: true, mode: 'id', value: notify };
  return workflow;
}

/** The failure branch comes after the failed execution, and its Event last. */
const eventOnResponder = (incident: string) =>
  until('the Event', 30, async () => (await events(cluster, NAMESPACES.responder, incident))[0]);

const credential = (type: string, id: string) => ({ [type]: { id, name: `e2e ${type}` } });

const FAILURES = 'sum(incident_pipeline_failure_total)';

const failed = (workflow: string) =>
  until('the failed execution', 20, async () =>
    (await n8n.executions(workflow)).some(({ status }) => status === 'error') ? true : undefined,
  );

test("a node that throws leaves a line in Loki with the incident's id, a count and an Event", async () => {
  const before = await query(stack, FAILURES);
  await variant('throwing', (node) => {
    if (node.name === 'Get Context') node.parameters = { operation: 'no_such_operation' };
  });
  const { incident } = await send(stack, cluster, 'test-shell', undefined, 'throwing');
  expect(await logged(stack, incident)).toMatchObject({
    event: 'failure',
    node: 'Get Context',
    message: expect.stringContaining('no_such_operation') as string,
  });
  expect(await eventOnResponder(incident)).toMatchObject({ reason: 'PipelineFailed' });
  await until('the failure in Prometheus', 20, async () =>
    (await query(stack, FAILURES)) > before ? true : undefined,
  );
});

test('with the API server down the incident is escalated, counted and logged', async () => {
  const id = await n8n.createCredential('kubernetesResponderApi', {
    server: NOWHERE.replace('http:', 'https:'),
    caCertificate: '',
    token: 'none',
  });
  await variant('no-kubernetes', (node) => {
    if (node.type.endsWith('k8sQuarantine')) node.credentials = credential('kubernetesResponderApi', id);
  });
  const { incident } = await send(stack, cluster, 'pod-delete-test', undefined, 'no-kubernetes');
  expect(await logged(stack, incident)).toMatchObject({
    decision: 'escalate',
    context: { status: 'unavailable', detail: expect.stringContaining('no answer') as string },
    escalation: { event: null, problem: expect.stringContaining('no answer') as string },
  });
});

test('with Pushgateway down the incident goes on, and its count is kept', async () => {
  const id = await n8n.createCredential('pushgatewayApi', { url: NOWHERE, username: '', password: '' });
  await variant('no-pushgateway', (node) => {
    if (node.type.endsWith('pushgatewayMetrics')) node.credentials = credential('pushgatewayApi', id);
  });
  const { incident } = await send(stack, cluster, 'test-shell', undefined, 'no-pushgateway');
  expect(await logged(stack, incident)).toMatchObject({
    decision: 'ignore',
    notes: [],
  });
});

test('with Loki down the execution fails where a person sees it, with a count and an Event', async () => {
  const id = await n8n.createCredential('lokiApi', { url: NOWHERE, tenant: '', username: '', password: '' });
  const { pipeline, failure } = await variant('no-loki', (node) => {
    if (node.type.endsWith('lokiPush')) node.credentials = credential('lokiApi', id);
  });
  const { incident } = await send(stack, cluster, 'test-shell', undefined, 'no-loki');
  expect(await eventOnResponder(incident)).toMatchObject({
    reason: 'PipelineFailed',
    message: expect.stringContaining('Loki') as string,
  });
  for (const workflow of [pipeline, failure]) await failed(workflow);
});

test('with the webhook down the incident is on record, and so is the failure to notify of it', async () => {
  const before = await query(stack, FAILURES);
  const { pipeline, failure } = await variant('no-webhook', (node) => {
    if (node.name === 'Notify a Person') Object.assign(node, { disabled: false }).parameters.url = NOWHERE;
  });
  const { incident } = await send(stack, cluster, 'escalate-test', undefined, 'no-webhook');
  expect(await logged(stack, incident)).toMatchObject({ decision: 'escalate' });
  for (const workflow of [pipeline, failure]) await failed(workflow);
  await grownTo(stack, FAILURES, before + 1);
});

describe('an escalation is told to a person', () => {
  let inbox: RunningServer;
  const letters: string[] = [];

  beforeAll(async () => {
    inbox = await serve((_request, response, body) => {
      letters.push(body);
      response.writeHead(200).end('ok');
    });
  });
  afterAll(() => inbox.close());

  test("by a webhook in Slack's form, whose markup the alert cannot write", async () => {
    await variant('with-webhook', (node) => {
      if (node.name === 'Notify a Person') Object.assign(node, { disabled: false }).parameters.url = inbox.url;
    });
    const { incident } = await send(
      stack,
      cluster,
      'escalate-test',
      (alert) => (alert.rule = 'A rule <!channel> & more'),
      'with-webhook',
    );
    await until('the message', 20, () => Promise.resolve(letters.length > 0 ? true : undefined));
    const { text } = JSON.parse(letters[0] ?? '{}') as { text: string };
    expect(text).toContain(incident);
    expect(text).toContain('&lt;!channel&gt; &amp; more');
  });
});
