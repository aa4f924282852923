import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import { type Cluster, connect } from '../../cluster/local/kubernetes/client';
import type { Stack } from '../../cluster/local/stack';
import { until } from '../../cluster/local/process/wait';
import { findLogLine } from '../../cluster/local/scenarios/follow';
import { NAMESPACES } from '../../core/names';
import { type RunningServer, serve } from '../support/httpServer';
import { ROOT } from '../support/manifests';
import { run } from '../support/run';
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
 * notify and record its failures. Returns the ids of all three.
 */
async function variant(path: string, change: Change): Promise<{ pipeline: string; failure: string; notify: string }> {
  const notify = await n8n.publish(await copy('notify', path, change));
  const failure = await n8n.publish(calling(await copy('pipeline-failure', path, change), notify));
  const workflow = calling(await copy(stack.workflowId, path, change), notify);
  for (const node of workflow.nodes)
    if (node.type.endsWith('securityAlertTrigger'))
      Object.assign(node, { parameters: { ...node.parameters, path }, webhookId: path });
  const settings = { ...workflow.settings, errorWorkflow: failure };
  return { pipeline: await n8n.activate({ ...workflow, settings }, path), failure, notify };
}

async function copy(id: string, path: string, change: Change): Promise<WorkflowJson> {
  const workflow = await n8n.workflow(id);
  workflow.nodes.forEach(change);
  // Executions that end well are kept too, so that a test can wait for them and count them.
  const settings = { ...workflow.settings, saveDataSuccessExecution: 'all' };
  return { ...workflow, settings, name: `${PREFIX}${path} ${id}` };
}

function calling(workflow: WorkflowJson, notify: string): WorkflowJson {
  for (const node of workflow.nodes)
    if (node.name === 'Notify the Team') node.parameters.workflowId = { __rl: true, mode: 'id', value: notify };
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

test('the next failure of a node within the hour is recorded as the first, and notifies nobody', async () => {
  // Not beside the end of an hour, when the next one begins.
  const left = 3_600_000 - (Date.now() % 3_600_000);
  if (left < 90_000) await pause(left);
  const { failure, notify } = await variant('twice', (node) => {
    if (node.name === 'Get Context') node.parameters = { operation: 'no_such_operation' };
  });
  for (let times = 1; times <= 2; times += 1) {
    const { incident } = await send(stack, cluster, 'test-shell', undefined, 'twice');
    expect(await logged(stack, incident)).toMatchObject({ event: 'failure', node: 'Get Context' });
    expect(await eventOnResponder(incident)).toMatchObject({ reason: 'PipelineFailed' });
    await until('the record of the failure', 30, async () =>
      (await n8n.executions(failure)).filter(({ status }) => status === 'success').length === times ? true : undefined,
    );
  }
  expect(await n8n.executions(notify)).toHaveLength(1);
}, 240_000);

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
  // It may only be starting again, for which the pipeline waits.
  expect(await logged(stack, incident, 90)).toMatchObject({
    decision: 'escalate',
    context: { status: 'unavailable', detail: expect.stringContaining('no answer') as string },
    escalation: { event: null, problem: expect.stringContaining('no answer') as string },
  });
}, 150_000);

describe('what a server that is down does not take', () => {
  /** The address of a server that is not there yet, and what lets it appear: the real one, at that address. */
  async function later(real: string): Promise<{ url: string; appear: () => Promise<void> }> {
    const { url, close } = await serve(() => undefined);
    await close();
    const relay = (request: IncomingMessage, response: ServerResponse, body: string): void => {
      const { method = '', url: path = '', headers } = request;
      const type = headers['content-type'] ?? '';
      void fetch(`${real}${path}`, { method, body, headers: { 'content-type': type } }).then(async (answer) =>
        response.writeHead(answer.status).end(await answer.text()),
      );
    };
    return { url, appear: async () => void servers.push(await serve(relay, Number(new URL(url).port))) };
  }
  const servers: RunningServer[] = [];
  afterAll(() => Promise.all(servers.map((server) => server.close())));

  /** The workflow that sends later, with the nodes of a variant. */
  const deliver = async (path: string, change: Change) => n8n.publish(await copy('deliver-outputs', path, change));
  /** n8n's schedule starts it every minute. */
  const WITHIN_SECONDS = 100;

  test('the count waits, and is shown once Pushgateway answers', async () => {
    const { url, appear } = await later(stack.urls.pushgateway);
    const id = await n8n.createCredential('pushgatewayApi', { url, username: '', password: '' });
    const instance = `waits-${Date.now()}`;
    const change: Change = (node) => {
      if (!node.type.endsWith('pushgatewayMetrics')) return;
      Object.assign(node, {
        credentials: credential('pushgatewayApi', id),
        parameters: { ...node.parameters, instance },
      });
    };
    const { pipeline } = await variant('no-pushgateway', change);
    const { incident } = await send(stack, cluster, 'test-shell', undefined, 'no-pushgateway');
    expect(await logged(stack, incident)).toMatchObject({ decision: 'ignore', notes: [] });
    await appear();
    await deliver('no-pushgateway', change);
    await until('the count', WITHIN_SECONDS, async () => {
      const shown = await query(stack, `sum(incident_pipeline_events_total{instance="${instance}"})`);
      return shown === 1 ? true : undefined;
    });
    expect((await n8n.executions(pipeline)).map(({ status }) => status)).toEqual(['success']);
  }, 150_000);

  test('the line waits, shows in the status and on the dashboard, and is there once Loki answers', async () => {
    const { url, appear } = await later(stack.urls.loki);
    const id = await n8n.createCredential('lokiApi', { url, tenant: '', username: '', password: '' });
    const change: Change = (node) => {
      if (node.type.endsWith('lokiPush')) node.credentials = credential('lokiApi', id);
    };
    const { pipeline } = await variant('no-loki', change);
    const { incident } = await send(stack, cluster, 'test-shell', undefined, 'no-loki');
    await until('the execution', 60, async () =>
      (await n8n.executions(pipeline))[0]?.status === 'success' ? true : undefined,
    );
    const { output } = await run(join(ROOT, 'deploy.sh'), ['--local', '--status'], process.env);
    expect(output).toMatch(new RegExp(`Loki: 1 log lines wait since .*: Loki at ${url}`));
    await deliver('no-loki', change);
    await until('the waiting line in Prometheus', WITHIN_SECONDS, async () =>
      (await query(stack, 'sum(incident_pipeline_output_waiting)')) >= 1 ? true : undefined,
    );
    await appear();
    await until('the line in Loki', WITHIN_SECONDS, async () =>
      findLogLine(stack, incident, new Date(Date.now() - 600_000)),
    );
    await until('nothing that waits', WITHIN_SECONDS, async () =>
      (await query(stack, 'sum(incident_pipeline_output_waiting)')) === 0 ? true : undefined,
    );
  }, 400_000);
});

test('with the webhook down the incident is on record, and so is the failure to notify of it', async () => {
  const before = await query(stack, FAILURES);
  const { pipeline, failure } = await variant('no-webhook', (node) => {
    if (node.name === 'Post to Chat') Object.assign(node, { disabled: false }).parameters.url = NOWHERE;
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
      if (node.name === 'Post to Chat') Object.assign(node, { disabled: false }).parameters.url = inbox.url;
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
