import { closeTasks } from '../../app/neo/closeTasks';
import { confirmReported } from '../../app/neo/confirmReported';
import { MOST_OF_FINDING } from '../../app/neo/ports';
import { reviewTasks } from '../../app/neo/reviewTasks';
import type { ClaimSpec } from '../../core/remediation/claim';
import type { ClaimStatus } from '../../core/remediation/claimStatus';
import { claimedTasks, type ClaimedTasks, longAgo } from '../support/claimedTasks';

let tasks: ClaimedTasks;
beforeAll(async () => {
  tasks = await claimedTasks();
}, 60_000);
afterAll(() => tasks.close());
beforeEach(() => tasks.reset());

let counted = 0;
const hash = (): string => {
  counted += 1;
  return counted.toString(16).padStart(32, '0');
};
/** The same finding, by the same event, as Falco reports it and as PagerDuty's incident does. */
const pair = (change: { key?: string; event?: string } = {}, spec: Partial<ClaimSpec> = {}) => {
  const finding = { key: hash(), event: hash(), ...change };
  const item = JSON.stringify({
    alert: { source: 'pagerduty', time: '2026-11-21T10:15:31.000Z', fields: { 'incident.id': 'PGR0VU2' } },
  });
  return {
    falco: tasks.spec({ finding: { ...finding, source: 'falco' }, ...spec }),
    pagerDuty: tasks.spec({ finding: { ...finding, source: 'pagerduty' }, fingerprint: hash(), item, ...spec }),
  };
};
const posts = (): number => tasks.simulated.posts().length;
const statusOf = async (spec: ClaimSpec): Promise<ClaimStatus> => (await tasks.find(spec)).status;
const review = () => reviewTasks(tasks.ports(), 120 * 60_000);
const resolved = ({ fingerprint }: ClaimSpec) =>
  closeTasks(tasks.ports(), { source: 'pagerduty', fingerprint, time: new Date().toISOString() });
const runs = { state: 'running', taskId: expect.any(String) as string };

describe('the same finding by Falco and by PagerDuty', () => {
  test("is one task if Falco's claim comes first: PagerDuty's incident names it, once", async () => {
    const { falco, pagerDuty } = pair();
    const { task: first } = await tasks.open(falco);
    const { task, ours } = await tasks.open(pagerDuty);
    expect({ ours, task }).toMatchObject({
      ours: true,
      task: { state: 'joined', id: null, problem: expect.stringContaining(falco.incident) as string },
    });
    expect(task.note).toContain(first.url ?? 'no url');
    expect(await tasks.open(pagerDuty)).toMatchObject({ ours: false, task: { state: 'joined', note: task.note } });
    await confirmReported(tasks.store, pagerDuty.incident, task, new Date());
    expect(await tasks.open(pagerDuty)).toMatchObject({ ours: false, task: { state: 'joined' } });
    expect((await review()).news.filter(({ task: { state } }) => state === 'joined')).toEqual([]);
    expect(await statusOf(pagerDuty)).toMatchObject({ joins: falco.incident, settledAt: expect.any(String) as string });
    expect(posts()).toBe(1);
  });

  test("is one task if PagerDuty's claim comes first: Falco's incident names it", async () => {
    const { falco, pagerDuty } = pair();
    const { task: first } = await tasks.open(pagerDuty);
    const { task, ours } = await tasks.open(falco);
    expect({ ours, task }).toMatchObject({ ours: false, task: { state: 'joined', id: null } });
    expect(task.note).toContain("PagerDuty's incident PGR0VU2");
    expect(task.note).toContain(first.url ?? 'no url');
    const [news, ...more] = (await review()).news.filter(({ task: { state } }) => state === 'joined');
    expect([news?.task.note, more]).toEqual([task.note, []]);
    expect(await statusOf(pagerDuty)).toMatchObject({ ...runs, reliedOnBy: falco.incident });
    expect(posts()).toBe(1);
  });

  test('is one task however both come at once, at several workers', async () => {
    const pairs = Array.from({ length: 12 }, () => pair());
    const opened = await Promise.all(
      pairs.flatMap(({ falco, pagerDuty }, index) => {
        const [one, other] = index % 2 === 0 ? [tasks.store, tasks.other] : [tasks.other, tasks.store];
        return [tasks.open(pagerDuty, undefined, one), tasks.open(falco, undefined, other)];
      }),
    );
    expect(opened).toHaveLength(24);
    expect(posts()).toBe(12);
    for (const { falco, pagerDuty } of pairs) {
      const states = [(await statusOf(falco)).state, (await statusOf(pagerDuty)).state];
      expect(states.toSorted()).toEqual(['joined', 'running']);
    }
  });

  test('is one task with copies of both at once', async () => {
    const { falco, pagerDuty } = pair();
    await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        tasks.open(index % 2 === 0 ? falco : pagerDuty, undefined, index % 4 < 2 ? tasks.store : tasks.other),
      ),
    );
    expect(posts()).toBe(1);
  });

  test("joins Falco's before Neo was asked, and hears of it from the review", async () => {
    const { falco, pagerDuty } = pair();
    await tasks.store.claim(pagerDuty);
    expect(await tasks.open(falco)).toMatchObject({ ours: true, task: { state: 'running' } });
    // The worker that made PagerDuty's claim goes on only now, or it died.
    expect(await tasks.open(pagerDuty)).toMatchObject({ ours: false, task: { state: 'joined' } });
    expect(posts()).toBe(1);
    const [news] = (await review()).news.filter(({ task }) => task.state === 'joined');
    expect(news?.task.note).toMatch(/the task http/);
    expect((await review()).news.filter(({ task }) => task.state === 'joined')).toEqual([]);
  });

  test('that comes while Neo is asked is reported as soon as there is a task to name', async () => {
    const { falco, pagerDuty } = pair();
    await tasks.store.claim(falco);
    expect(await tasks.open(pagerDuty)).toMatchObject({ ours: false, task: { state: 'joined' } });
    expect((await review()).news).toEqual([]);
    const { claim } = await tasks.store.claim(falco);
    await tasks.store.update(claim, { state: 'fixed', taskId: 't-1', settledAt: new Date().toISOString() });
    expect((await review()).news).toMatchObject([
      { task: { state: 'joined', note: expect.stringContaining('/t-1') as string } },
    ]);
  });

  test("keeps Neo's answer if Falco's comes while PagerDuty's worker asks", async () => {
    const { falco, pagerDuty } = pair();
    let updates = 0;
    const store = {
      ...tasks.store,
      update: async (...given: Parameters<typeof tasks.store.update>) => {
        updates += 1;
        // The first write asks, the second one keeps the answer.
        if (updates === 2) expect((await tasks.open(falco, undefined, tasks.other)).task.state).toBe('joined');
        return tasks.store.update(...given);
      },
    };
    expect(await tasks.open(pagerDuty, undefined, store)).toMatchObject({ ours: true, task: { state: 'running' } });
    expect(await statusOf(pagerDuty)).toMatchObject({ ...runs, reliedOnBy: falco.incident });
    expect(posts()).toBe(1);
  });
});

describe('two tasks', () => {
  const both = async (one: ClaimSpec, other: ClaimSpec): Promise<void> => {
    for (const spec of [one, other])
      expect(await tasks.open(spec)).toMatchObject({ ours: true, task: { state: 'running' } });
    expect(posts()).toBe(2);
  };

  test('for two findings', async () => {
    await both(pair().falco, pair().pagerDuty);
  });

  test('for two incidents of PagerDuty', async () => {
    const key = hash();
    await both(pair({ key }).pagerDuty, pair({ key }).pagerDuty);
  });

  test('for a finding of which nothing is known', async () => {
    await both(tasks.spec(), tasks.spec());
  });

  test.each<[string, ClaimStatus]>([
    ['failed', { state: 'failed', taskId: 't-1', settledAt: longAgo() }],
    ['was refused', { state: 'refused', problem: 'no', settledAt: longAgo() }],
    ['was closed', { state: 'closed', settledAt: longAgo() }],
  ])("if Falco's %s", async (_what, status) => {
    const { falco, pagerDuty } = pair();
    await tasks.store.update((await tasks.store.claim(falco)).claim, status);
    expect(await tasks.open(pagerDuty)).toMatchObject({ ours: true, task: { state: 'running' } });
  });

  test("if Falco's ended long ago, for another event", async () => {
    const { falco } = pair();
    await tasks.store.update((await tasks.store.claim(falco)).claim, {
      state: 'fixed',
      taskId: 't-1',
      settledAt: longAgo(),
    });
    const { pagerDuty } = pair({ key: falco.finding?.key ?? '' });
    expect(await tasks.open(pagerDuty)).toMatchObject({ ours: true, task: { state: 'running' } });
  });
});

describe('what a holder of a routing key writes', () => {
  const forged: [string, (falco: ClaimSpec) => ClaimSpec][] = [
    ['another event', ({ finding }) => pair({ key: finding?.key ?? '' }).pagerDuty],
    [
      'no event',
      ({ finding }) => tasks.spec({ finding: { key: finding?.key ?? '', event: null, source: 'pagerduty' } }),
    ],
    [
      'another repository',
      ({ finding }) =>
        pair({ key: finding?.key ?? '', event: finding?.event ?? '' }, { repository: 'github.com/acme/other' })
          .pagerDuty,
    ],
  ];

  test.each(forged)("never takes the task of Falco's incident: %s", async (_what, forge) => {
    const { falco } = pair();
    await tasks.open(forge(falco));
    expect(await tasks.open(falco)).toMatchObject({ ours: true, task: { state: 'running' } });
    expect(await statusOf(falco)).toMatchObject(runs);
  });

  test("never takes it without a task of its own: Neo's refusal", async () => {
    const { falco, pagerDuty } = pair();
    tasks.simulated.fault({ method: 'POST', status: 403 });
    expect((await tasks.open(pagerDuty)).task.state).toBe('refused');
    expect(await tasks.open(falco)).toMatchObject({ ours: true, task: { state: 'running' } });
  });

  test("never ends a task on which Falco's incident relies", async () => {
    tasks.simulated.neo.follow({ name: 'never-ends' });
    const { falco, pagerDuty } = pair();
    await tasks.open(pagerDuty);
    await tasks.open(falco);
    expect(await resolved(pagerDuty)).toEqual([]);
    expect(await statusOf(pagerDuty)).toMatchObject(runs);
    expect(await statusOf(pagerDuty)).not.toHaveProperty('overAt');
  });

  test("never keeps Falco's incident on a task that was ended", async () => {
    tasks.simulated.neo.follow({ name: 'never-ends' });
    const { falco, pagerDuty } = pair();
    await tasks.open(pagerDuty);
    await resolved(pagerDuty);
    expect(await tasks.open(falco)).toMatchObject({ ours: true, task: { state: 'running' } });
  });

  test("never ends Falco's task by resolving an incident that joined it", async () => {
    tasks.simulated.neo.follow({ name: 'never-ends' });
    const { falco, pagerDuty } = pair();
    await tasks.open(falco);
    await tasks.open(pagerDuty);
    await resolved(pagerDuty);
    expect(await statusOf(falco)).toMatchObject(runs);
  });

  test('in any number costs a bounded number of claims that are read', async () => {
    const { falco } = pair();
    const key = falco.finding?.key ?? '';
    for (let index = 0; index < MOST_OF_FINDING + 3; index += 1) {
      const { claim } = await tasks.store.claim(pair({ key }).pagerDuty);
      await tasks.store.update(claim, { state: 'running', taskId: `t-${index}` });
    }
    const read: number[] = [];
    const store = {
      ...tasks.store,
      ofFinding: async (of: string) => {
        const found = await tasks.store.ofFinding(of);
        read.push(found.length);
        return found;
      },
    };
    expect(await tasks.open(falco, undefined, store)).toMatchObject({ ours: true, task: { state: 'running' } });
    expect(read).toEqual([MOST_OF_FINDING]);
  });
});

describe('an incident for which there is no repository', () => {
  test("of Falco's takes no other's task", async () => {
    const { falco, pagerDuty } = pair({}, { repository: '', stack: '' });
    await tasks.store.claim(pagerDuty);
    expect(await tasks.open(falco, { refused: 'no repository' })).toMatchObject({ task: { state: 'refused' } });
    expect((await statusOf(pagerDuty)).state).toBeUndefined();
  });

  test("of PagerDuty's still joins Falco's", async () => {
    const { falco, pagerDuty } = pair();
    await tasks.open(falco);
    expect(await tasks.open({ ...pagerDuty, repository: '' }, { refused: 'no repository' })).toMatchObject({
      ours: true,
      task: { state: 'joined' },
    });
  });
});
