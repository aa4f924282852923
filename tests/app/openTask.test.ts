import { createTask } from '../../adapters/neo/create';
import { factsOf } from '../../core/remediation/claimStatus';
import { closeTasks } from '../../app/neo/closeTasks';
import { confirmReported } from '../../app/neo/confirmReported';
import { claimedTasks, type ClaimedTasks, longAgo, overtakenBy } from '../support/claimedTasks';
import { NOW, requestFor } from '../support/neo';

let tasks: ClaimedTasks;
beforeAll(async () => {
  tasks = await claimedTasks();
}, 60_000);
afterAll(() => tasks.close());
beforeEach(() => tasks.reset());

const posts = (): number => tasks.simulated.posts().length;
const twenty = <T>(run: (index: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: 20 }, (_, index) => run(index)));

describe('what cannot be claimed', () => {
  test('is not asked for', async () => {
    await expect(tasks.open(tasks.spec({ item: 'x'.repeat(300_000) }))).rejects.toMatchObject({ code: 'bad_item' });
    expect(posts()).toBe(0);
    expect(await tasks.store.unsettled()).toEqual([]);
  });

  test('because its store is not there is not asked for either', async () => {
    const spec = tasks.spec();
    const broken = { ...tasks.store, claim: () => Promise.reject(new Error('the database is gone')) };
    await expect(tasks.open(spec, undefined, broken)).rejects.toThrow('the database is gone');
    expect(posts()).toBe(0);
  });
});

describe('an incident has one task', () => {
  test('however many ask for it at once', async () => {
    const spec = tasks.spec();
    const opened = await twenty((index) => tasks.open(spec, undefined, index % 2 === 0 ? tasks.store : tasks.other));
    expect(opened.filter(({ ours }) => ours)).toHaveLength(1);
    expect(posts()).toBe(1);
    const [task] = tasks.simulated.neo.state();
    expect(opened.find(({ ours }) => ours)?.task).toMatchObject({ state: 'running', id: task?.id });
    for (const { task: known, ours } of opened) if (!ours) expect(['claimed', 'running']).toContain(known.state);
    expect((await tasks.find(spec)).status).toMatchObject({ state: 'running', taskId: task?.id });
  });

  test('and keeps it, although others come later', async () => {
    const spec = tasks.spec();
    const { task } = await tasks.open(spec);
    for (const wanted of [undefined, { refused: 'no repository' }])
      expect(await tasks.open({ ...spec, claimedAt: longAgo() }, wanted)).toMatchObject({
        ours: false,
        task: { id: task.id, state: 'running' },
      });
    expect(posts()).toBe(1);
  });

  test('and another incident has another', async () => {
    const opened = [await tasks.open(tasks.spec()), await tasks.open(tasks.spec())];
    expect(new Set(opened.map(({ task }) => task.id)).size).toBe(2);
  });

  test('with a remark for people', async () => {
    const spec = tasks.spec();
    const { task } = await tasks.open(spec, { request: requestFor(spec.incident), remark: 'the stack is of others' });
    expect(task.note).toContain('Note: the stack is of others.');
    expect(factsOf((await tasks.find(spec)).status).problem).toBe('the stack is of others');
  });
});

describe('an answer that is lost', () => {
  test('has its task found again, without a second request', async () => {
    tasks.simulated.neo.follow({ name: 'loses-answer' });
    const { task, ours } = await tasks.open(tasks.spec());
    expect({ ours, posts: posts(), id: task.id }).toEqual({
      ours: true,
      posts: 1,
      id: tasks.simulated.neo.state()[0]?.id,
    });
  });

  test('in words of its own has its task found again', async () => {
    tasks.simulated.neo.follow({ name: 'renamed', renames: { taskId: 'id' } });
    expect((await tasks.open(tasks.spec())).task).toMatchObject({
      state: 'running',
      id: tasks.simulated.neo.state()[0]?.id,
    });
  });

  test.each<[string, Parameters<ClaimedTasks['simulated']['neo']['follow']>[0], RegExp]>([
    ['of a server that is down', { name: 'down' }, /answered 503.*; no Neo task has its reference$/],
    [
      'in words that nobody can read',
      { name: 'renamed' },
      /holds no taskId; Neo's tasks could not be read \(.*not as expected/,
    ],
  ])('%s leaves it unknown, for a person, and is never asked again', async (_what, script, problem) => {
    tasks.simulated.neo.follow(script);
    const spec = tasks.spec();
    const { task, ours } = await tasks.open(spec);
    expect({ ours, task }).toMatchObject({
      ours: true,
      task: { state: 'unknown', id: null, problem: expect.stringMatching(problem) as string },
    });
    tasks.simulated.neo.follow({ name: 'fixes' });
    const later = await twenty(() => tasks.open({ ...spec, claimedAt: longAgo() }));
    expect(later.filter((opened) => opened.ours || opened.task.state !== 'unknown')).toEqual([]);
    expect(posts()).toBe(1);
  });

  test('with a problem too long for a store is kept in part, whatever it holds', async () => {
    const spec = tasks.spec();
    const { task } = await tasks.open(spec, { refused: `x${'😀'.repeat(2000)}` });
    expect(task.problem).toBe(`x${'😀'.repeat(1999)}`);
    expect(factsOf((await tasks.find(spec)).status).problem).toBe(task.problem);
  });
});

describe('a worker that claimed it and died', () => {
  test("before the task's id was kept, is followed by one of many, who finds the task", async () => {
    const spec = tasks.spec({ claimedAt: longAgo() });
    await tasks.store.claim(spec);
    const made = await createTask(tasks.simulated.access, requestFor(spec.incident), NOW);
    const opened = await twenty((index) => tasks.open(spec, undefined, index % 2 === 0 ? tasks.store : tasks.other));
    expect(opened.filter(({ ours }) => ours)).toHaveLength(1);
    expect(opened.find(({ ours }) => ours)?.task.id).toBe(made.result === 'made' && made.id);
    expect(posts()).toBe(1);
  });

  test('before Neo was asked, leaves it unknown, and nobody asks', async () => {
    const spec = tasks.spec({ claimedAt: longAgo() });
    await tasks.store.claim(spec);
    const opened = await twenty(() => tasks.open(spec));
    expect(opened.filter(({ ours }) => ours).map(({ task }) => task.state)).toEqual(['unknown']);
    expect(opened.find(({ ours }) => ours)?.task.problem).toMatch(
      /^the worker that requested it from Neo ended before it stored the answer; no Neo/,
    );
    expect(posts()).toBe(0);
  });

  test('is left alone while it may still be at it', async () => {
    const spec = tasks.spec();
    await tasks.store.claim(spec);
    expect(await tasks.open(spec)).toMatchObject({ ours: false, task: { state: 'claimed', id: null } });
    expect(posts()).toBe(0);
  });
});

describe('what Neo refused', () => {
  const refused = async () => {
    const spec = tasks.spec();
    tasks.simulated.fault({ method: 'POST', status: 403 });
    const { task } = await tasks.open(spec);
    expect(task).toMatchObject({ state: 'refused', id: null });
    return { spec, told: () => confirmReported(tasks.store, spec.incident, task, new Date()) };
  };

  test('is asked again after it was mended, by exactly one of many', async () => {
    const before = await refused();
    const spec = { ...before.spec, repository: 'github.com/acme/mended', stack: '' };
    // Its people are being told: copies that come meanwhile tell nobody again.
    expect((await twenty(() => tasks.open(spec))).filter(({ ours }) => ours)).toEqual([]);
    await before.told();
    const opened = await twenty((index) => tasks.open(spec, undefined, index % 2 === 0 ? tasks.store : tasks.other));
    expect(opened.filter(({ ours }) => ours)).toHaveLength(1);
    expect(posts()).toBe(2);
    const { status } = await tasks.find(spec);
    expect(status).toMatchObject({ state: 'running', repository: 'github.com/acme/mended', stack: '' });
    expect(status).not.toHaveProperty('problem');
  });

  test('is not asked again while it cannot be', async () => {
    const { spec, told } = await refused();
    await told();
    expect(await tasks.open(spec, { refused: 'no repository' })).toMatchObject({
      ours: false,
      task: { state: 'refused' },
    });
    expect(posts()).toBe(1);
  });

  test('before it was asked is kept with the reason', async () => {
    const spec = tasks.spec({ repository: '', stack: '' });
    const { task, ours } = await tasks.open(spec, { refused: 'there is no repository' });
    expect({ task, ours }).toMatchObject({ ours: true, task: { state: 'refused', problem: 'there is no repository' } });
    await confirmReported(tasks.store, spec.incident, task, new Date());
    expect(await tasks.open(spec)).toMatchObject({ ours: true, task: { state: 'running' } });
    expect(posts()).toBe(1);
  });
});

describe('somebody writes the claim while Neo is asked', () => {
  test('because the incident ended: the task is ended with it', async () => {
    tasks.simulated.neo.follow({ name: 'never-ends' });
    const spec = tasks.spec();
    const store = overtakenBy(tasks.store, () =>
      closeTasks(tasks.ports({ claims: tasks.other }), {
        source: 'pagerduty',
        fingerprint: spec.fingerprint,
        time: new Date().toISOString(),
      }),
    );
    const { task, ours } = await tasks.open(spec, undefined, store);
    expect({ ours, state: task.state }).toEqual({ ours: false, state: 'closed' });
    await tasks.simulated.until(tasks.simulated.neo.state()[0]?.id ?? '', ({ status }) => status === 'idle');
    expect((await tasks.find(spec)).status).toMatchObject({ state: 'closed', taskId: task.id });
  });

  test('because it took too long: the task is kept, once', async () => {
    const spec = tasks.spec();
    const store = overtakenBy(tasks.store, async () =>
      tasks.other.update(await tasks.find(spec), { state: 'unknown', problem: 'not found' }),
    );
    const { task } = await tasks.open(spec, undefined, store);
    expect(task).toMatchObject({ state: 'running', id: tasks.simulated.neo.state()[0]?.id, problem: null });
    expect((await tasks.find(spec)).status).toMatchObject({ state: 'running', taskId: task.id });
  });

  test('because it was refused and found meanwhile: what was found counts', async () => {
    const spec = tasks.spec();
    tasks.simulated.fault({ method: 'POST', status: 403 });
    const store = overtakenBy(tasks.store, async () =>
      tasks.other.update(await tasks.find(spec), { state: 'running', taskId: 't-1' }),
    );
    expect(await tasks.open(spec, undefined, store)).toMatchObject({
      ours: false,
      task: { state: 'running', id: 't-1' },
    });
  });
});
