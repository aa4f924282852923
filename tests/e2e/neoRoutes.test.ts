import type { V1Pod } from '@kubernetes/client-node';

import { kubernetesClaims } from '../../adapters/kubernetes/resources/neoTasks';
import type { ClaimStore } from '../../app/neo/ports';
import { type Cluster, connect } from '../../cluster/local/kubernetes/client';
import { URLS } from '../../cluster/local/process/ports';
import { until } from '../../cluster/local/process/wait';
import { enqueue, follow, incidentOf } from '../../cluster/local/scenarios/scenarios';
import { ACCOUNT, SETTINGS } from '../../cluster/local/simulators/example';
import type { Stack } from '../../cluster/local/stack';
import { NAMESPACES } from '../../core/names';
import type { Claim } from '../../core/remediation/claim';
import { findingOf } from '../../core/alert/finding';
import { committed } from './support/approvals';
import { accepted, events } from './support/incident';
import { incidents } from './support/incidents';
import { N8n, type WorkflowJson } from './support/n8n';
import { incident as pagerDutyIncident, REVIEW_SECONDS, START_SECONDS } from './support/neo';
import { alertOn, createPods, deletePods } from './support/pods';
import { connectResponder } from './support/responder';
import { FIRST_START_MS, startStackWithSimulators } from './support/stack';

const PREFIX = 'e2e routes';
const RECORDED = 'escalate-test';
const WAIT_MS = (REVIEW_SECONDS + 60) * 1000;

let stack: Stack;
let cluster: Cluster;
let n8n: N8n;
let claims: ClaimStore;
let pods: V1Pod[];

/** Of the pipeline with a task for what escalates; the second one notifies PagerDuty too. */
const PATH = 'e2e-routes';
const NOTIFYING = 'e2e-routes-notifying';

beforeAll(async () => {
  stack = await startStackWithSimulators();
  cluster = connect();
  n8n = await N8n.connect(stack);
  claims = kubernetesClaims(await connectResponder(stack));
  await n8n.deleteWorkflows(PREFIX);
  await follow({ name: 'never-ends' });
  pods = await createPods(cluster, 'routes', 7);
  await n8n.activate(await pipeline(PATH), PATH);
  await n8n.activate(await pipeline(NOTIFYING, await notifyPagerDuty()), NOTIFYING);
}, FIRST_START_MS);
afterAll(async () => {
  await follow({ name: 'fixes' });
  await n8n.deleteWorkflows(PREFIX);
  await n8n.deleteCredentials();
  await deletePods(cluster, pods);
});

/** The pipeline under a path of its own, with Open Neo Task set up as a person would. */
async function pipeline(path: string, notify?: string): Promise<WorkflowJson> {
  const { nodes, connections, settings } = await n8n.workflow(stack.workflowId);
  const { repositories, stacks, environments, fromEmail: _, neoUserId: _user, ...infrastructure } = SETTINGS;
  for (const node of nodes) {
    if (node.name === 'Security Alert Trigger')
      Object.assign(node, { webhookId: path, parameters: { ...node.parameters, path } });
    if (node.name === 'Open Neo Task')
      Object.assign(node, {
        disabled: false,
        parameters: { operation: 'create', infrastructure, repositories, stacks, environments },
      });
    if (node.name === 'Notify PagerDuty' && notify !== undefined)
      Object.assign(node, {
        disabled: false,
        parameters: { ...node.parameters, workflowId: { __rl: true, mode: 'id', value: notify } },
      });
  }
  return { name: `${PREFIX} ${path}`, nodes, connections, settings };
}

/** Notify PagerDuty, with the account's integration key as its credential. */
async function notifyPagerDuty(): Promise<string> {
  const workflow = await committed(n8n, stack, 'notify-pagerduty.json');
  const id = await n8n.createCredential('httpCustomAuth', {
    json: JSON.stringify({ body: { routing_key: ACCOUNT.routingKey } }),
  });
  for (const node of workflow.nodes)
    if (node.name === 'Send Event') node.credentials = { httpCustomAuth: { id, name: 'e2e httpCustomAuth' } };
  return n8n.publish({ ...workflow, name: `${PREFIX} notify PagerDuty` });
}

interface FalcoEvent {
  rule: string;
  priority: string;
  time: string;
  output_fields: Record<string, unknown>;
}
/** An event of Falco's about a pod, as it is posted to n8n, and as it is read. */
async function eventOn(index: number): Promise<{ body: string; event: FalcoEvent; uid: string; key: string }> {
  const pod = pods[index] ?? {};
  const body = await alertOn(RECORDED, pod);
  const event = JSON.parse(body) as FalcoEvent;
  const key = findingOf(event.rule, event.output_fields)?.key ?? '';
  return { body, event, uid: pod.metadata?.uid ?? '', key };
}

/** Sends the event as Falcosidekick's PagerDuty output does, with the values of manifests/falco/pagerduty.yaml. */
async function toPagerDuty({ rule, priority, time, output_fields }: FalcoEvent, change: object = {}) {
  const subject = `${rule} ${String(output_fields['k8s.ns.name'])}/${String(output_fields['k8s.pod.name'])}`;
  const key = await enqueue({
    routing_key: ACCOUNT.routingKey,
    event_action: 'trigger',
    payload: {
      summary: `${priority} subject=${subject}`,
      source: 'falco',
      severity: 'critical',
      timestamp: time,
      custom_details: { ...output_fields, rule, priority, subject, ...change },
    },
  });
  const { id } = await until("PagerDuty's incident", START_SECONDS, () => incidentOf(key));
  return { key, id };
}

const toN8n = (body: string, path = PATH): Promise<string> => accepted(stack, body, path);

interface SimulatedState {
  id: string;
  request: { message: { content: string } };
}
/** Neo's tasks about a pod, for whichever incident. */
async function tasksAbout(uid: string): Promise<SimulatedState[]> {
  const all = (await (await fetch(`${URLS.neo}/_simulator/state`)).json()) as SimulatedState[];
  return all.filter(({ request }) => request.message.content.includes(uid));
}

/** The claims of a finding, once there are so many and each knows what became of it. */
const settledClaims = (key: string, count: number): Promise<Claim[]> =>
  until(`${count} claims that know their task`, START_SECONDS, async () => {
    const found = await claims.ofFinding(key);
    if (found.length !== count || found.some(({ status }) => status.state === undefined))
      throw new Error(`they are ${JSON.stringify(found.map(({ spec, status }) => [spec.finding?.source, status]))}`);
    return found;
  });
const statesOf = (found: Claim[]): Record<string, string> =>
  Object.fromEntries(found.map(({ spec, status }) => [spec.finding?.source ?? '', status.state ?? '']));

/** Waits until PagerDuty's incident has a note that says so. */
const notedAs = (key: string, text: RegExp): Promise<string[]> =>
  until(`a note that says ${String(text)}`, REVIEW_SECONDS, async () => {
    const notes = (await pagerDutyIncident(key)).notes.map(({ content }) => content);
    if (notes.some((note) => text.test(note))) return notes;
    throw new Error(`its notes are ${JSON.stringify(notes)}`);
  });

describe('the same finding by Falcosidekick to n8n and to PagerDuty is one task', () => {
  test(
    "when n8n's comes first: PagerDuty's incident gets one note that names the task and the other incident",
    async () => {
      const { body, event, uid, key } = await eventOn(0);
      const incident = await toN8n(body);
      const [own] = await settledClaims(key, 1);
      expect(own?.status.state).toBe('running');
      const { key: dedup } = await toPagerDuty(event);
      expect(statesOf(await settledClaims(key, 2))).toEqual({ falco: 'running', pagerduty: 'joined' });
      const notes = await notedAs(
        dedup,
        new RegExp(`No second .*incident ${incident} .*${own?.status.taskId ?? ''}`, 's'),
      );
      expect(notes).toHaveLength(1);
      expect(await tasksAbout(uid)).toHaveLength(1);
    },
    WAIT_MS,
  );

  test(
    "when PagerDuty's comes first: Falco's pod gets an Event that names the task and PagerDuty's incident",
    async () => {
      const { body, event, uid, key } = await eventOn(1);
      const { key: dedup, id } = await toPagerDuty(event);
      const [theirs] = await settledClaims(key, 1);
      const incident = await toN8n(body);
      const found = await settledClaims(key, 2);
      expect(statesOf(found)).toEqual({ falco: 'joined', pagerduty: 'running' });
      await notedAs(dedup, /is looking for the cause/);
      await until('the Event', REVIEW_SECONDS, async () => {
        const messages = (await events(cluster, NAMESPACES.playground, incident)).map(({ message }) => message ?? '');
        const said = messages.find((message) => message.includes(`PagerDuty's incident ${id} has the same finding`));
        if (said === undefined) throw new Error(`they say ${JSON.stringify(messages)}`);
        expect(said).toContain(theirs?.status.taskId);
        return true;
      });
      expect(await tasksAbout(uid)).toHaveLength(1);
    },
    WAIT_MS,
  );

  test(
    'when both come at once',
    async () => {
      const { body, event, uid, key } = await eventOn(2);
      await Promise.all([toPagerDuty(event), toN8n(body)]);
      const states = Object.values(statesOf(await settledClaims(key, 2)));
      expect(states.toSorted()).toEqual(['joined', 'running']);
      expect(await tasksAbout(uid)).toHaveLength(1);
    },
    WAIT_MS,
  );
});

test(
  "an alert that somebody else wrote to PagerDuty does not take the task of Falco's incident",
  async () => {
    const { body, event, uid, key } = await eventOn(3);
    await toPagerDuty(event, { 'proc.cmdline': 'nothing to see here' });
    await settledClaims(key, 1);
    const incident = await toN8n(body);
    expect(statesOf(await settledClaims(key, 2))).toEqual({ falco: 'running', pagerduty: 'running' });
    const tasks = await tasksAbout(uid);
    expect(tasks).toHaveLength(2);
    expect(tasks.filter(({ request }) => request.message.content.includes(incident))).toHaveLength(1);
  },
  WAIT_MS,
);

test(
  'two incidents of one PagerDuty service about two findings are two tasks',
  async () => {
    const [one, other] = [await eventOn(4), await eventOn(5)];
    await Promise.all([toPagerDuty(one.event), toPagerDuty(other.event)]);
    for (const { key, uid } of [one, other]) {
      expect(statesOf(await settledClaims(key, 1))).toEqual({ pagerduty: 'running' });
      expect(await tasksAbout(uid)).toHaveLength(1);
    }
  },
  WAIT_MS,
);

test(
  "what the pipeline tells PagerDuty comes back as the same incident: its dedup key is the incident's name, and there is one task",
  async () => {
    const { body, uid, key } = await eventOn(6);
    const incident = await toN8n(body, NOTIFYING);
    const name = await until(
      "the incident's name",
      START_SECONDS,
      async () => (await incidents(stack)).find(({ status }) => status?.incident === incident)?.metadata.name,
    );
    const { alerts } = await until("PagerDuty's incident", START_SECONDS, () => incidentOf(name));
    expect(alerts).toHaveLength(1);
    const found = await settledClaims(key, 2);
    expect(Object.values(statesOf(found)).toSorted()).toEqual(['joined', 'running']);
    await notedAs(name, /is looking for the cause|No second/);
    expect(await tasksAbout(uid)).toHaveLength(1);
  },
  WAIT_MS,
);
