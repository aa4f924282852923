import { type Cluster, connect, findPod } from '../../cluster/local/kubernetes/client';
import type { Stack } from '../../cluster/local/stack';
import { until } from '../../cluster/local/process/wait';
import { LABELS } from '../../core/names';
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
import { N8n, type WorkflowNode } from './support/n8n';
import { FIRST_START_MS, startStack } from './support/stack';

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
      if (node.name === 'Decide') Object.assign(node.parameters, { resumeAmount: 0.01 });
    });
    const page = await decisionPage(person, form);
    await until('the end of the wait', 100, async () =>
      wordsOf(await person.get(page.url)).includes('Nothing was decided') ? true : undefined,
    );
    expect(await statusOf(cluster, name)).toBeUndefined();
  }, 120_000);
});
