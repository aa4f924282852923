import { closeTasks } from '../../app/neo/closeTasks';
import { confirmReported } from '../../app/neo/confirmReported';
import { type News, reviewTasks } from '../../app/neo/reviewTasks';
import { confirm } from '../../adapters/neo/tasks';
import type { ScriptSettings } from '../../cluster/local/simulators/neo/script';
import type { ClaimSpec } from '../../core/remediation/claim';
import { factsOf } from '../../core/remediation/claimStatus';
import { claimedTasks, type ClaimedTasks, longAgo } from '../support/claimedTasks';
import { requestFor } from '../support/neo';

let tasks: ClaimedTasks;
beforeAll(async () => {
  tasks = await claimedTasks();
}, 60_000);
afterAll(() => tasks.close());
beforeEach(() => tasks.reset());

const OVERDUE_MS = 120 * 60_000;
const inMinutes = (minutes: number): Date => new Date(Date.now() + minutes * 60_000);
const look = (now = new Date(), claims = tasks.store) => reviewTasks(tasks.ports({ claims, now }), OVERDUE_MS);
const told = async (now = new Date()): Promise<string[]> => (await look(now)).news.map(({ task }) => task.state);
const confirmed = async ({ task }: News, spec: ClaimSpec) =>
  confirmReported(tasks.store, spec.incident, task, new Date());
const only = ({ news }: { news: News[] }): News => {
  const [first, ...more] = news;
  if (first === undefined || more.length > 0) throw new Error(`there are ${news.length} news`);
  return first;
};

describe('what cannot be looked at does not hold up the rest', () => {
  test.each<[string, Partial<ClaimSpec>, object, RegExp]>([
    ['a task that is gone', {}, { taskId: 'missing', state: 'running' }, /answered 404/],
    ['an item that somebody changed', { item: '{' }, { state: 'refused', problem: 'no' }, /JSON/],
  ])('%s', async (_what, change, status, reason) => {
    const bad = tasks.spec({ ...change, claimedAt: longAgo() });
    await tasks.store.update((await tasks.store.claim(bad)).claim, status);
    await tasks.opened({ name: 'findings' });
    const { news, problems } = await look();
    expect(news.map(({ task }) => task.state)).toEqual(['not_fixed']);
    expect(problems).toEqual([expect.stringMatching(reason)]);
    expect(problems[0]).toContain(`[incident ${bad.incident}]`);
  });

  test('a store that is not there is an error', async () => {
    const broken = { ...tasks.store, unsettled: () => Promise.reject(new Error('the database is gone')) };
    await expect(look(new Date(), broken)).rejects.toThrow('the database is gone');
  });

  test('claims of another organization are not looked at', async () => {
    await tasks.store.claim(tasks.spec({ organization: 'other', claimedAt: longAgo() }));
    expect(await look()).toEqual({ news: [], problems: [] });
  });
});

describe('an outcome', () => {
  test.each<[ScriptSettings, string]>([
    [{ name: 'fixes' }, 'fixed'],
    [{ name: 'findings' }, 'not_fixed'],
    [{ name: 'errs' }, 'failed'],
  ])('of %j is told once, with the incident it is for', async (script, state) => {
    const { spec, id } = await tasks.opened(script, { item: '{"alert":{"id":"kept"},"settings":{}}' });
    const news = only(await look());
    expect(news).toMatchObject({ item: { alert: { id: 'kept' }, settings: {} }, task: { state, id } });
    expect(await told()).toEqual([]);
    await confirmed(news, spec);
    expect(await told(inMinutes(60))).toEqual([]);
    expect((await tasks.find(spec)).status).toMatchObject({ state, settledAt: expect.any(String) as string });
    expect(await tasks.store.unsettled()).toEqual([]);
  });

  test('is told by one of many who look at once', async () => {
    await tasks.opened({ name: 'fixes' });
    const looks = await Promise.all(
      Array.from({ length: 10 }, (_, index) => look(new Date(), index % 2 === 0 ? tasks.store : tasks.other)),
    );
    expect(looks.flatMap(({ news }) => news)).toHaveLength(1);
    expect(looks.flatMap(({ problems }) => problems)).toEqual([]);
  });

  test('that was not confirmed comes again after ten minutes', async () => {
    const { spec } = await tasks.opened({ name: 'fixes' });
    expect(await told()).toEqual(['fixed']);
    expect(await told(inMinutes(9))).toEqual([]);
    const again = only(await look(inMinutes(11)));
    await confirmed(again, spec);
    await confirmed(again, spec);
    expect(factsOf((await tasks.find(spec)).status).told).toEqual(['begun', 'outcome']);
  });

  test('that was told where it was opened is not told by the review until then', async () => {
    tasks.simulated.fault({ method: 'POST', status: 403 });
    const { task } = await tasks.open(tasks.spec());
    expect(task.state).toBe('refused');
    expect(await told()).toEqual([]);
    expect(await told(inMinutes(11))).toEqual(['refused']);
  });
});

test('an approval is told, then the next one, then the outcome', async () => {
  const { spec, id } = await tasks.opened({ name: 'asks-approval' });
  const first = only(await look());
  expect(first.task).toMatchObject({ state: 'awaiting_approval', approval: { id: tasks.simulated.task(id).waitsFor } });
  await confirmed(first, spec);
  expect(await told(inMinutes(200))).toEqual([]);

  await confirm(
    tasks.simulated.access,
    id,
    { requestId: first.task.approval?.id ?? '', ok: false, instructions: '' },
    new Date(),
  );
  await tasks.simulated.until(id, ({ status }) => status === 'idle');
  await tasks.simulated.say(id, { type: 'user_message', content: 'Ask me again.' });
  await tasks.simulated.until(id, ({ waitsFor, status }) => waitsFor !== null && status === 'idle');
  const second = only(await look());
  expect(second.task.approval?.id).not.toBe(first.task.approval?.id);
  await confirmed(second, spec);

  await confirm(
    tasks.simulated.access,
    id,
    { requestId: second.task.approval?.id ?? '', ok: true, instructions: '' },
    new Date(),
  );
  await tasks.simulated.until(id, ({ status }) => status === 'idle');
  const last = only(await look());
  expect(last.task).toMatchObject({ state: 'fixed', approval: null });
  await confirmed(last, spec);
  expect(factsOf((await tasks.find(spec)).status).told).toHaveLength(4);
  expect(await tasks.store.unsettled()).toEqual([]);
});

test('a task that takes too long is told once, and its end all the same', async () => {
  const { spec, id } = await tasks.opened({ name: 'never-ends' });
  expect(await told(inMinutes(119))).toEqual([]);
  const late = only(await look(inMinutes(121)));
  expect(late.task.state).toBe('overdue');
  await confirmed(late, spec);
  expect(await told(inMinutes(300))).toEqual([]);
  await tasks.simulated.say(id, { type: 'user_cancel' });
  await tasks.simulated.until(id, ({ status }) => status === 'idle');
  expect(await told(inMinutes(301))).toEqual(['failed']);
});

describe('a claim whose maker died', () => {
  test('is left alone while it may still be at it', async () => {
    await tasks.store.claim(tasks.spec());
    expect(await look()).toEqual({ news: [], problems: [] });
  });

  test('without a task is told at once, and once', async () => {
    const spec = tasks.spec({ claimedAt: longAgo() });
    await tasks.store.claim(spec);
    expect(await told()).toEqual(['unknown']);
    expect(await told()).toEqual([]);
    expect(await told(inMinutes(11))).toEqual(['unknown']);
    expect(tasks.simulated.posts()).toEqual([]);
  });

  test('with a task goes on with it', async () => {
    const spec = tasks.spec({ claimedAt: longAgo() });
    await tasks.store.claim(spec);
    const id = await tasks.simulated.start({ name: 'findings' }, { content: requestFor(spec.incident).content });
    await tasks.simulated.until(id, ({ status, events }) => status === 'idle' && events.length > 1);
    const found = only(await look());
    expect(found.task).toMatchObject({ state: 'running', id });
    await confirmed(found, spec);
    expect(only(await look()).task).toMatchObject({ state: 'not_fixed', id });
    expect(tasks.simulated.posts()).toHaveLength(1);
  });
});

test('what was reported and does not exist any more is not confirmed', async () => {
  tasks.simulated.fault({ method: 'POST', status: 403 });
  const spec = tasks.spec();
  const { task: refused } = await tasks.open(spec);
  await confirmReported(tasks.store, spec.incident, refused, new Date());
  // A copy of the incident gets its task, while the refusal is still being reported.
  const { task: running } = await tasks.open(spec);
  expect(running.state).toBe('running');
  await confirmReported(tasks.store, spec.incident, refused, new Date());
  const { status } = await tasks.find(spec);
  expect(status).toMatchObject({ state: 'running', taskId: running.id });
  expect(status).not.toHaveProperty('settledAt');
  await confirmReported(tasks.store, 'never claimed', { ...running, state: 'fixed' }, new Date());
});

test('a task that cannot be read any more is reported when it is overdue', async () => {
  const { id } = await tasks.opened({ name: 'never-ends' });
  tasks.simulated.fault({ method: 'GET', path: id, status: 404, times: 100 });
  expect((await look(inMinutes(119))).problems).toEqual([expect.stringMatching(/answered 404/)]);
  const late = only(await look(inMinutes(121)));
  expect(late.task).toMatchObject({
    state: 'overdue',
    problem: expect.stringMatching(/cannot be read.*404/) as string,
  });
});

test('what could not be ended with its incident is ended by the review', async () => {
  const { spec, id } = await tasks.opened({ name: 'never-ends' });
  tasks.simulated.fault({ method: 'POST', path: '/cancel', status: 503 });
  const over = { source: 'pagerduty', fingerprint: spec.fingerprint, time: new Date().toISOString() } as const;
  await expect(closeTasks(tasks.ports(), over)).rejects.toThrow(/503/);
  expect(await look()).toEqual({ news: [], problems: [] });
  await tasks.simulated.until(id, ({ status }) => status === 'idle');
  expect((await tasks.find(spec)).status).toMatchObject({ state: 'closed', settledAt: expect.any(String) as string });
});
