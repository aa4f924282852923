import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Email } from 'postal-mime';

import { type Cluster, connect, findPod } from '../../cluster/local/kubernetes/client';
import type { Stack } from '../../cluster/local/stack';
import { until } from '../../cluster/local/process/wait';
import { readApproval, writeApproval } from '../../adapters/kubernetes/resources/approvals';
import { LABELS, NAMESPACES } from '../../core/names';
import { approvalKey, approvalName } from '../../core/response/approval';
import { committed, nothingWaits, statusOf, type Waiting, waitingIncident } from './support/approvals';
import { Browser, choices, wordsOf } from './support/form';
import { anotherUid, events } from './support/incident';
import { type Mailbox, openMailbox } from './support/mailbox';
import { N8n, type WorkflowJson, type WorkflowNode } from './support/n8n';
import { connectResponder } from './support/responder';
import { FIRST_START_MS, startStack } from './support/stack';
import { ROOT } from '../support/manifests';

const PREFIX = 'e2e mail';
const POD = 'escalate-test';
const HOSTILE = `<script>alert(1)</script><img src=x> &lt;b&gt;$& $' "`;

let stack: Stack;
let cluster: Cluster;
let n8n: N8n;
let mailbox: Mailbox;
let holder: Browser;
let smtp: string;

beforeAll(async () => {
  stack = await startStack();
  cluster = connect();
  n8n = await N8n.connect(stack);
  await n8n.deleteWorkflows(PREFIX);
  mailbox = await openMailbox();
  holder = new Browser(stack.urls.n8n);
  smtp = await n8n.createCredential('smtp', {
    user: '',
    password: '',
    host: '127.0.0.1',
    port: mailbox.port,
    secure: false,
    disableStartTls: true,
    hostName: '',
  });
}, FIRST_START_MS);
beforeEach(() => nothingWaits(cluster));
afterAll(async () => {
  await n8n.deleteWorkflows(PREFIX);
  await n8n.deleteCredentials();
  await mailbox.close();
});

const waiting = (changed?: Parameters<typeof waitingIncident>[3]) => waitingIncident(n8n, stack, cluster, changed);

interface Asked {
  workflow: string;
  mail: Email;
  link: string;
}

/** Has the pipeline's own node start the workflow for an incident, and waits for the mail. */
async function ask(name: string, incident: Waiting): Promise<Asked> {
  const byMail = await committed(n8n, stack, 'incident-approval-message.json');
  for (const node of byMail.nodes) {
    if (node.type.endsWith('.emailSend')) node.credentials = { smtp: { id: smtp, name: 'e2e smtp' } };
    if (node.name === 'Settings') fill(node, { from: 'pipeline@example.com', to: 'on-call@example.com' });
  }
  const workflow = await n8n.publish({ ...byMail, name: `${PREFIX} ${name}` });
  const path = `e2e-mail-${name}`;
  // The question whether its webhook is there starts it.
  await n8n.activate({ ...caller(path, incident, workflow), name: `${PREFIX} caller ${name}` }, path);
  const mail = await mailbox.next();
  const [, link = ''] = /href="([^"]+)"/.exec(mail.html ?? '') ?? [];
  // The mail is there a moment before the execution waits.
  await until('the page', 20, async () => ((await holder.get(link)).status === 200 ? true : undefined));
  return { workflow, mail, link };
}

function fill({ parameters }: WorkflowNode, values: Record<string, string>): void {
  const { assignments } = parameters.assignments as { assignments: { name: string; value: unknown }[] };
  for (const assignment of assignments) assignment.value = values[assignment.name] ?? assignment.value;
}

/** Webhook → the incident → Ask by Message, as Incident Pipeline has it, enabled. */
function caller(path: string, { item }: Waiting, workflowId: string): Omit<WorkflowJson, 'name'> {
  const pipeline = JSON.parse(readFileSync(join(ROOT, 'workflows/incident-pipeline.json'), 'utf8')) as WorkflowJson;
  const committedNode = pipeline.nodes.find(({ name }) => name === 'Ask by Message');
  const node = (name: string, type: string, typeVersion: number, parameters: object): WorkflowNode => ({
    ...{ id: randomUUID(), name, position: [0, 0], typeVersion },
    type: `n8n-nodes-base.${type}`,
    parameters: { ...parameters },
  });
  const link = (to: string) => ({ main: [[{ node: to, type: 'main', index: 0 }]] });
  return {
    nodes: [
      { ...node('Start', 'webhook', 2, { path, httpMethod: 'POST' }), webhookId: path },
      node('Incident', 'code', 2, { jsCode: `return [${JSON.stringify(item)}]` }),
      {
        ...node('Ask by Message', 'executeWorkflow', 1, {}),
        ...committedNode,
        disabled: false,
        parameters: { ...committedNode?.parameters, workflowId: { __rl: true, mode: 'id', value: workflowId } },
      },
    ],
    connections: { Start: link('Incident'), Incident: link('Ask by Message') },
    settings: { executionOrder: 'v1' },
  };
}

const ended = (workflow: string) =>
  until('the end of the execution', 100, async () => {
    const [execution] = await n8n.executions(workflow);
    return execution?.status === 'success' ? true : undefined;
  });

test('an e-mail with a link that decides nothing until its page is submitted, once', async () => {
  const incident = await waiting();
  const { workflow, mail, link } = await ask('once', incident);
  expect(mail).toMatchObject({
    subject: `Incident waits for a decision: Pod playground/${POD}`,
    from: { address: 'pipeline@example.com' },
    to: [{ address: 'on-call@example.com' }],
  });
  for (const said of [incident.incident, 'Command: cat /etc/shadow']) expect(mail.html).toContain(said);

  await Promise.all([holder.get(link), new Browser(stack.urls.n8n).get(link)]);
  const page = await holder.get(link);
  expect(await n8n.executions(workflow)).toMatchObject([{ status: 'waiting' }]);
  expect((await holder.get(link.replace(/signature=.{8}/, 'signature=00000000'))).status).toBe(401);

  await holder.submit(page, ['', ['Quarantine the pod instead']]);
  const status = { state: 'Approved', decision: 'quarantine_pod', decidedBy: 'holder of the link', via: 'link' };
  await until('the decision', 20, async () => statusOf(cluster, incident.name));
  expect(await statusOf(cluster, incident.name)).toMatchObject(status);
  await until('the quarantine', 20, async () =>
    (await findPod(cluster, POD))?.metadata?.labels?.[LABELS.quarantined] === 'true' ? true : undefined,
  );
  await ended(workflow);
  expect(wordsOf(await holder.submit(page, ['', ['Delete the pod instead']]))).toContain('No action required');
  expect(await statusOf(cluster, incident.name)).toMatchObject(status);
  expect(await findPod(cluster, POD)).toBeDefined();
});

test('pods that joined after the mail was sent are asked about by another mail, and not acted on', async () => {
  const incident = await waiting();
  const { workflow, link } = await ask('joined', incident);
  const page = await holder.get(link);
  const responder = await connectResponder(stack);
  const approval = await readApproval(responder, incident.name);
  const [uid, at] = [anotherUid(), new Date().toISOString()];
  const pod = { namespace: NAMESPACES.playground, name: 'joined', uid, alertTime: at, joinedAt: at };
  await writeApproval(responder, approval, { pods: [pod] });

  await holder.submit(page, ['', ['Quarantine the pod instead']]);
  const mail = await mailbox.next();
  expect(mail).toMatchObject({ subject: 'Incident waits for a decision: Pod playground/joined' });
  expect(await statusOf(cluster, incident.name)).toMatchObject({ state: 'Approved', decidedPods: 1, pods: [pod] });
  const [, next = ''] = /href="([^"]+)"/.exec(mail.html ?? '') ?? [];
  const second = await until('the second page', 20, async () => {
    const found = await holder.get(next);
    return found.status === 200 && choices(found).length > 0 ? found : undefined;
  });
  expect(wordsOf(second)).toContain('It no longer exists');
  expect(choices(second)).toEqual(['Reject: nothing is done', 'Ignore: a false alarm']);
  await holder.submit(second, ['', ['Reject: nothing is done']]);
  await ended(workflow);
  const name = approvalName(approvalKey(incident.incident, 2));
  expect(await statusOf(cluster, name)).toMatchObject({ state: 'Rejected', decidedPods: 1 });
});

test('hostile texts reach neither mail nor page as markup', async () => {
  const texts = { rule: HOSTILE, why: HOSTILE, proposal: { decision: 'ignore', reason: HOSTILE, confidence: 0 } };
  const { mail, link } = await ask('hostile', await waiting(texts));
  const page = await holder.get(link);
  for (const html of [mail.html ?? '', page.html]) expect(html).not.toMatch(/<script>alert|<img src=x/);
  expect(wordsOf(page).split(HOSTILE)).toHaveLength(4);
  expect(choices(page)).toContain('Approve: ignore it as a false alarm');
});

test('when the time is over nothing is decided', async () => {
  const incident = await waiting({ expiresAt: new Date(Date.now() + 5000).toISOString() });
  const { workflow } = await ask('over', incident);
  await ended(workflow);
  expect(await statusOf(cluster, incident.name)).toBeUndefined();
}, 150_000);

test('a decision that comes too late is not taken, and does not get lost', async () => {
  const incident = await waiting();
  const [first, second] = [await ask('first', incident), await ask('second', incident)];
  const late = await holder.get(second.link);
  await holder.submit(await holder.get(first.link), ['', ['Reject: nothing is done']]);
  await ended(first.workflow);
  await holder.submit(late, ['', ['Approve: delete the pod']]);
  const [event] = await until('the Event', 30, async () => {
    const found = await events(cluster, NAMESPACES.responder, incident.incident);
    return found.length > 0 ? found : undefined;
  });
  expect(event).toMatchObject({
    reason: 'PipelineFailed',
    message: expect.stringContaining('decided already') as string,
  });
  expect(await statusOf(cluster, incident.name)).toMatchObject({ state: 'Rejected' });
  expect(await findPod(cluster, POD)).toBeDefined();
});
