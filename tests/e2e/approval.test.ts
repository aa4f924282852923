import { type KubernetesObject, type V1Pod } from '@kubernetes/client-node';

import { type Cluster, connect, findPod } from '../../cluster/local/kubernetes/client';
import type { Stack } from '../../cluster/local/stack';
import { until } from '../../cluster/local/process/wait';
import { readApproval, requestApproval } from '../../adapters/kubernetes/resources/approvals';
import { CUSTOM_RESOURCES, LABELS, NAMESPACES } from '../../core/names';
import { type Approval, approvalSchema } from '../../core/response/approval';
import { namedPods } from '../../core/response/approvalPods';
import {
  decide,
  decisionLogged,
  decisionPage,
  nothingWaits,
  publishForm,
  statusOf,
  waitingIncident,
} from './support/approvals';
import { Browser, choices, wordsOf } from './support/form';
import { accepted, logged, post } from './support/incident';
import { N8n, type WorkflowNode } from './support/n8n';
import { alertOn } from './support/pods';
import { setPolicy } from './support/policy';
import { connectResponder } from './support/responder';
import { FIRST_START_MS, startStack } from './support/stack';
import { deploy, remove } from './support/workload';

/** The variants' names; those of a run that was interrupted are removed as well. */
const PREFIX = 'e2e approval';
const POD = 'escalate-test';

let stack: Stack;
let cluster: Cluster;
let n8n: N8n;
let person: Browser;
let nobody: Browser;

beforeAll(async () => {
  stack = await startStack();
  cluster = connect();
  n8n = await N8n.connect(stack);
  await n8n.deleteWorkflows(PREFIX);
  person = await Browser.owner(stack);
  nobody = new Browser(stack.urls.n8n);
}, FIRST_START_MS);
beforeEach(() => nothingWaits(cluster));
afterAll(() => n8n.deleteWorkflows(PREFIX));

const waiting = (changed?: Parameters<typeof waitingIncident>[3]) => waitingIncident(n8n, stack, cluster, changed);
const publish = (name: string, change?: (node: WorkflowNode) => void) =>
  publishForm(n8n, stack, `${PREFIX} ${name}`, change);

describe('who gets in', () => {
  test('nobody without a login, to no page, and looking changes nothing', async () => {
    await waiting();
    const form = await publish('door');
    const door = await nobody.get(form.url);
    expect([door.status, new URL(door.location ?? '').pathname]).toEqual([302, '/oauth/authorize']);
    expect((await nobody.submit({ url: form.url, token: '' })).status).toBe(401);
    await person.open(form.url);
    expect(await n8n.executions(form.id)).toEqual([]);

    const page = await decisionPage(person, form);
    const stranger = await nobody.get(page.url);
    expect([stranger.status, stranger.location]).toEqual([302, expect.stringContaining('/signin?') as string]);
    expect((await nobody.submit({ ...page, token: '' }, ['', [choices(page)[0] ?? '']])).status).toBe(401);
    const [withoutSignature = ''] = page.url.split('?');
    expect((await person.get(withoutSignature)).status).toBe(401);
    expect(await person.get(page.url)).toMatchObject({ status: 200 });
    expect(await n8n.executions(form.id)).toMatchObject([{ status: 'waiting' }]);
  });

  test("no n8n user without the right to execute the workflow, not even by somebody's link", async () => {
    const { name } = await waiting();
    const form = await publish('member');
    const member = await Browser.signedIn({ ...stack, login: await n8n.addMember('member@example.com') });
    await expect(member.open(form.url)).rejects.toThrow('does not let this user in');
    const { url } = await decisionPage(person, form);
    const shown = await member.get(url);
    expect(wordsOf(await member.next(await decide(member, shown, 'Approve: delete the pod')))).toContain(
      'Nothing was decided',
    );
    expect(await statusOf(cluster, name)).toBeUndefined();
  });
});

describe('what a page shows', () => {
  test('nothing to decide', async () => {
    const form = await publish('none');
    expect(wordsOf(await person.next(await person.submit(await person.open(form.url))))).toContain('No incident waits');
  });

  test('as many incidents as there is room for with the number of all, no report before what Falco observed, or only those of a namespace', async () => {
    const responder = await connectResponder(stack);
    const { spec } = await readApproval(responder, (await waiting()).name);
    for (let index = 0; index < 51; index += 1)
      await requestApproval(responder, { ...spec, incident: `noise-${index}`, priority: 'critical' });
    const quiet = { kind: 'Pod', namespace: 'quiet', name: 'web-1' };
    await requestApproval(responder, {
      ...spec,
      incident: 'quiet',
      pod: undefined,
      subject: quiet,
      priority: 'notice',
    });
    for (let index = 0; index < 51; index += 1)
      await requestApproval(responder, {
        ...spec,
        incident: `report-${index}`,
        source: 'alertmanager',
        trust: 'report',
        pod: undefined,
        subject: { kind: 'Deployment', namespace: `invented-${index}`, name: 'web' },
        priority: 'emergency',
      });
    const form = await publish('many');
    const listOf = async (fields: string[]) => person.next(await person.submit(await person.open(form.url), fields));
    const all = await listOf([]);
    expect(choices(all)).toHaveLength(50);
    expect(choices(all).at(-1)).toContain('quiet/web-1');
    expect(choices(all).join()).not.toContain('invented-');
    expect(wordsOf(all)).toContain('(50 of 104)');
    expect(choices(await listOf(['quiet']))).toEqual([expect.stringContaining('1. Pod quiet/web-1')]);
    expect(wordsOf(await listOf(['nowhere']))).toContain('No incident of this namespace waits');
  });

  test('hostile texts as text, to the letter, with what deceives the eye made visible', async () => {
    const hostile = `<script>alert(1)</script><img src=x onerror=alert(1)> [a](http://b) $' $& {{ $env.HOME }} &lt;b&gt; ' "`;
    const texts = {
      rule: `${hostile}\u202Etxt`,
      why: hostile,
      proposal: { decision: 'ignore', reason: hostile, confidence: 0 },
    };
    await waiting(texts);
    const form = await publish('hostile');
    const list = await person.next(await person.submit(await person.open(form.url)));
    const page = await person.next(await person.submit(list, [choices(list)]));
    for (const { html } of [list, page]) {
      expect(html).not.toMatch(/<img|<script>alert|\u202E/);
    }
    expect(choices(list)[0]).toContain(`${hostile}[U+202E]`);
    expect(wordsOf(page).split(hostile)).toHaveLength(4);
  });
});

describe('deciding', () => {
  test("counts once, under the login's name, whatever is sent twice", async () => {
    const { name } = await waiting();
    const form = await publish('once');
    const page = await decisionPage(person, form);
    const other = await decisionPage(person, form);
    const answers = await Promise.all([1, 2, 3].map(() => decide(person, page, 'Quarantine the pod instead')));
    const taken = answers.filter(({ status }) => status === 200);
    expect(taken).toHaveLength(1);
    const result = wordsOf(await person.next(taken[0] ?? page));
    expect(result).toContain('The pod is quarantined');
    expect(result).toContain(`Approved by ${stack.login.email}`);
    expect((await findPod(cluster, POD))?.metadata?.labels).toMatchObject({ [LABELS.quarantined]: 'true' });
    const status = {
      state: 'Approved',
      decision: 'quarantine_pod',
      decidedBy: expect.stringMatching(new RegExp(`^${stack.login.email} \\(n8n user [0-9a-f-]{36}\\)$`)) as string,
      via: 'form',
    };
    expect(await statusOf(cluster, name)).toMatchObject(status);

    const late = wordsOf(await person.next(await decide(person, other, 'Approve: delete the pod')));
    expect(late).toContain('Your decision was not taken');
    expect(late).toContain(`Approved by ${stack.login.email}`);
    expect(await statusOf(cluster, name)).toMatchObject(status);
    expect(await findPod(cluster, POD)).toBeDefined();
  });

  test('an approval carries out the proposal, counted and logged', async () => {
    const { incident, name } = await waiting();
    const uid = (await findPod(cluster, POD))?.metadata?.uid;
    const page = await decisionPage(person, await publish('approve'));
    const result = await person.next(await decide(person, page, 'Approve: delete the pod'));
    expect(wordsOf(result)).toContain('The pod was deleted');
    expect((await findPod(cluster, POD))?.metadata?.uid).not.toBe(uid);
    expect(await statusOf(cluster, name)).toMatchObject({ state: 'Approved', decision: 'delete_pod' });
    await decisionLogged(stack, incident, 'delete_pod');
  });

  test.each([
    ['Reject: nothing is done', { state: 'Rejected' }],
    ['Ignore: a false alarm', { state: 'Approved', decision: 'ignore' }],
  ])('%s: the pod stays as it is', async (choice, status) => {
    const { name } = await waiting();
    const form = await publish(choice.slice(0, 6));
    const before = (await findPod(cluster, POD))?.metadata?.resourceVersion;
    const result = await person.next(await decide(person, await decisionPage(person, form), choice));
    expect(wordsOf(result)).toContain('Recorded: nothing is done about the pod');
    expect((await findPod(cluster, POD))?.metadata?.resourceVersion).toBe(before);
    expect(await statusOf(cluster, name)).toMatchObject({ ...status, via: 'form' });
  });

  test('a choice that is not on the page decides nothing', async () => {
    const { name } = await waiting();
    const form = await publish('forged');
    const answer = await decide(person, await decisionPage(person, form), 'constructor');
    expect(wordsOf(await person.next(answer))).toContain('Nothing was decided');
    expect(await statusOf(cluster, name)).toBeUndefined();
  });

  test('a page that is left open ends by itself and decides nothing', async () => {
    const { name } = await waiting();
    const form = await publish('left', (node) => {
      if (node.name === 'Decide on Incident') Object.assign(node.parameters, { resumeAmount: 0.01 });
    });
    const page = await decisionPage(person, form);
    await until('the end of the wait', 100, async () =>
      wordsOf(await person.get(page.url)).includes('Nothing was decided') ? true : undefined,
    );
    expect(await statusOf(cluster, name)).toBeUndefined();
  }, 120_000);
});

describe('several pods of one workload', () => {
  const namespace = NAMESPACES.playground;
  const NAME = `e2e-approval-${Date.now().toString(36)}`;
  let pods: V1Pod[];

  beforeAll(async () => {
    await setPolicy(cluster, { links: { grafanaUrl: 'https://grafana.example.com' } });
    pods = await deploy(cluster, NAME, 4);
    await cluster.objects.create(budgetOf());
  }, 120_000);
  afterAll(async () => {
    await setPolicy(cluster, { links: null });
    await cluster.objects.delete(budgetOf());
    await remove(cluster, 'Deployment', NAME);
  });

  const budgetOf = () => ({
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: { name: NAME, namespace },
    spec: { minAvailable: 4, selector: { matchLabels: { app: NAME } } },
  });
  const podAt = (index: number): V1Pod => pods[index] ?? {};
  const nameAt = (index: number): string => podAt(index).metadata?.name ?? '';
  const isIsolated = async (index: number): Promise<boolean> => {
    const { metadata } = await cluster.core.readNamespacedPod({ namespace, name: nameAt(index) });
    return metadata?.labels?.[LABELS.quarantined] === 'true';
  };
  async function approvals(): Promise<Approval[]> {
    const { items } = await cluster.objects.list<KubernetesObject>(
      CUSTOM_RESOURCES.apiVersion,
      'Approval',
      NAMESPACES.responder,
    );
    return items.map((item) => approvalSchema.parse(item));
  }
  const named = (approval: Approval | undefined): string[] =>
    approval === undefined ? [] : namedPods(approval).map(({ name }) => name);
  /** A further event of the open incident, about another of its pods. */
  async function join(index: number, incident: string): Promise<void> {
    const { status, body } = await post(stack, await alertOn('escalate-test', podAt(index)));
    expect([status, JSON.parse(body)]).toEqual([202, { status: 'accepted', incident }]);
    await until(`${nameAt(index)} in the Approval`, 30, async () =>
      (await approvals()).some((approval) => named(approval).includes(nameAt(index))) ? true : undefined,
    );
  }

  test('wait as one Approval, which is decided once for all that its page named, and for no other', async () => {
    const incident = await accepted(stack, await alertOn('escalate-test', podAt(0)));
    await logged(stack, incident);
    await join(1, incident);
    expect((await approvals()).map(named)).toEqual([[nameAt(0), nameAt(1)]]);

    const form = await publish('several');
    const page = await decisionPage(person, form);
    const words = wordsOf(page);
    for (const said of [
      `${namespace}/${nameAt(0)}: It runs and is not in quarantine.`,
      `${namespace}/${nameAt(1)}: It runs and is not in quarantine. It joined at `,
      `kubectl get pod -n ${namespace} ${nameAt(1)}`,
      'Events 2, from ',
      `Isolates 2 of 4 replicas of Deployment ${namespace}/${NAME}; 2 ready remain until its controller has started others.`,
      'A PodDisruptionBudget forbids evicting one of them; this is done all the same.',
      `Deletes 2 of 4 replicas of Deployment ${namespace}/${NAME}`,
      'Done already Nothing.',
    ])
      expect(words).toContain(said);
    for (const address of [`${stack.urls.n8n}/workflow/`, 'https://grafana.example.com/explore?'])
      expect(page.html.replaceAll('&amp;', '&')).toContain(`href="${address}`);

    await join(2, incident);
    expect((await approvals()).map(named)).toEqual([[nameAt(0), nameAt(1), nameAt(2)]]);
    const result = wordsOf(await person.next(await decide(person, page, 'Quarantine 2 pods instead')));
    expect(result).toContain('2 of 2 pods in quarantine');
    expect(result).toContain('Pods that joined after you opened the page were not acted on');
    expect(await Promise.all([0, 1, 2, 3].map(isIsolated))).toEqual([true, true, false, false]);

    const waits = (await approvals()).filter(({ status }) => status.state === undefined);
    expect(waits.map(named)).toEqual([[nameAt(2)]]);
    const second = await decisionPage(person, form);
    expect(wordsOf(second)).toContain('after the page was opened');
    expect(wordsOf(second)).toContain('at most 2 of its replicas (50 %) may be contained at a time');
    await cluster.core.deleteNamespacedPod({ namespace, name: nameAt(2), gracePeriodSeconds: 0 });
    const gone = wordsOf(await person.next(await decide(person, second, 'Quarantine the pod instead')));
    expect(gone).toContain('The pod is gone');
  }, 180_000);
});
