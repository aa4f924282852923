import { MissedAlerts, type Portion } from '../../app/incidents/missed';
import { SKEW_MS } from '../../core/folding/known';
import { RECORD_LIMITS, statusOf } from '../../core/incident/incidentRecord';
import type { Alert } from '../../core/incident/alert';
import { PipelineError } from '../../core/errors';
import { Admissions, eventOf, newStore } from '../support/incidents';

const AT = new Date('2026-11-27T10:00:00Z');
const later = (ms: number) => new Date(AT.getTime() + ms);

/** The event as it is in Loki. */
const found = (change: Partial<Alert> & { pod?: string; rule?: string } = {}, at = AT): Alert =>
  eventOf(
    {
      trust: 'report',
      late: { why: 'missed', tries: 1, acts: true },
      ...change,
      receivedAt: later(300_000).toISOString(),
    },
    at,
  );

const take = (admissions: Admissions, alert: Alert, portion?: Portion) =>
  new MissedAlerts(admissions.ports, portion).take(alert, later(300_000));

const isPassed = async (made: ReturnType<typeof take>) => {
  const became = await made;
  return typeof became === 'object' && became.passing.length > 0;
};

describe('an alert of which no incident has heard', () => {
  test('is admitted as late, once, also in a second run and after it was archived', async () => {
    const admissions = new Admissions();
    const alert = found();
    expect(await take(admissions, alert)).toMatchObject({
      passing: [{ late: { why: 'missed', tries: 1 }, trust: 'report', incident: { why: 'opened' } }],
    });
    expect(await take(admissions, { ...alert, receivedAt: later(600_000).toISOString() })).toBe('known');
    await admissions.settle();
    const store = { ...admissions.store, all: () => Promise.resolve([]) };
    const ports = { ...admissions.ports, store };
    expect(await new MissedAlerts(ports).take(alert, later(900_000))).toBe('known');
  });

  test('is one incident for two processes that find it at once', async () => {
    const store = newStore();
    const [one, other] = [new Admissions({}, { store }), new Admissions({}, { store })];
    const made = await Promise.all([take(one, found()), take(other, found())]);
    expect(made.filter((became) => typeof became === 'object' && became.passing.length > 0)).toHaveLength(1);
    expect(await store.all()).toHaveLength(1);
  });

  test("is no event of Falco's incident: Falco's own alert still starts the workflow", async () => {
    const admissions = new Admissions();
    await take(admissions, found());
    expect((await admissions.admit(eventOf({}, later(400_000)))).passing).toMatchObject([
      { incident: { why: 'opened' } },
    ]);
  });

  test.each([
    ['another rule', { rule: 'Another rule' }],
    ['another pod', { pod: 'b' }],
    ['a higher priority', { priority: 'critical' as const }],
  ])('is missed though n8n heard of %s', async (_what, change) => {
    const admissions = new Admissions();
    await admissions.admit(eventOf({}, later(1_000)));
    expect(await isPassed(take(admissions, found(change)))).toBe(true);
  });

  test('is missed if it came after the last one that n8n heard of', async () => {
    const admissions = new Admissions();
    await admissions.admit(eventOf());
    expect(await take(admissions, found({}, later(SKEW_MS)))).toBe('known');
    expect(await isPassed(take(admissions, found({}, later(SKEW_MS + 1))))).toBe(true);
  });
});

describe('an alert that reached n8n', () => {
  test('is known, and its incident is as it was', async () => {
    const admissions = new Admissions();
    await admissions.admit(eventOf({}, later(1_000)));
    const before = await admissions.statuses();
    expect(await take(admissions, found())).toBe('known');
    expect(await admissions.statuses()).toEqual(before);
  });

  test('is known by a repeat that was counted and is not written down yet', async () => {
    const admissions = new Admissions();
    await admissions.admit(eventOf());
    await admissions.admit(eventOf({}, later(200_000)));
    expect(await take(admissions, found({}, later(200_000)))).toBe('known');
  });

  test('is known although its pod is gone, so that nobody can read its workload any more', async () => {
    const store = newStore();
    const workload = { kind: 'Deployment', namespace: 'shop', name: 'checkout' };
    await new Admissions({}, { store, about: () => Promise.resolve(workload) }).admit(eventOf({}, later(1_000)));
    expect(await take(new Admissions({}, { store }), found())).toBe('known');
  });

  test("is known as the match of an exception, which has an incident of its own, though Loki's line lacks what matched", async () => {
    const store = newStore();
    const exceptionOf = () => Promise.resolve({ name: 'an-exception', isPossible: true });
    await new Admissions({}, { store: { ...store, exceptionOf } }).admit(eventOf({}, later(1_000)));
    expect(await take(new Admissions({}, { store }), found())).toBe('known');
  });

  test('is known if its incident has so many pods that some were forgotten', async () => {
    const admissions = new Admissions();
    await admissions.admit(eventOf({}, later(1_000)));
    const [record] = await admissions.store.all();
    if (record === undefined) throw new Error('no incident');
    const pods = Array.from({ length: RECORD_LIMITS.pods }, (_, pod) => `uid-${pod}`);
    await admissions.store.update(record, { ...statusOf(record), pods });
    expect(await take(admissions, found())).toBe('known');
  });

  test('is known if a storm counted it', async () => {
    const admissions = new Admissions({ activePerNamespace: 1 });
    for (const rule of ['one', 'two', 'three']) await admissions.admit(eventOf({ rule }, later(1_000)));
    expect(await take(admissions, found({ rule: 'three' }))).toBe('known');
    expect(await take(admissions, found({ rule: 'four' }))).not.toBe('known');
  });
});

describe('the bounds of missed alerts', () => {
  test('what comes after the bound is left, all of it, and nothing of it is written', async () => {
    const admissions = new Admissions();
    const missed = new MissedAlerts(admissions.ports, { most: 2 });
    const became = [];
    for (const rule of ['one', 'two', 'three', 'one', 'four'])
      became.push(await missed.take(found({ rule }), later(300_000)));
    expect(became.map((each) => (typeof each === 'object' ? each.passing.length : each))).toEqual([
      1,
      1,
      'left',
      'left',
      'left',
    ]);
    expect(await admissions.statuses()).toHaveLength(2);
  });

  test('without room all is left, and room is asked for once, and only when there is an alert to admit', async () => {
    const admissions = new Admissions();
    await take(admissions, found());
    const hasRoom = jest.fn(() => Promise.resolve(false));
    const missed = new MissedAlerts(admissions.ports, { hasRoom });
    expect(await missed.take(found(), later(300_000))).toBe('known');
    expect([hasRoom.mock.calls.length, missed.leavesRest]).toEqual([0, false]);
    for (const rule of ['one', 'two']) expect(await missed.take(found({ rule }), later(300_000))).toBe('left');
    expect([hasRoom.mock.calls.length, missed.leavesRest]).toEqual([1, true]);
    expect(await admissions.statuses()).toHaveLength(1);
  });

  test('after a failure of the store the rest is left, also if the store has recovered', async () => {
    const admissions = new Admissions();
    const problem = new PipelineError('unreachable', 'no answer', { nextStep: 'Look.' });
    const all = jest.fn(admissions.store.all).mockRejectedValueOnce(problem);
    const missed = new MissedAlerts({ ...admissions.ports, store: { ...admissions.store, all } });
    await expect(missed.take(found(), later(300_000))).rejects.toBe(problem);
    expect(await missed.take(found({ rule: 'Another rule' }), later(300_000))).toBe('left');
    expect(await admissions.statuses()).toEqual([]);
  });

  test('an alert that the store refuses does not keep the others: it would be refused again', async () => {
    const admissions = new Admissions();
    const problem = new PipelineError('rejected', 'spec.rule is too long', { nextStep: 'Look.' });
    const create = jest.fn(admissions.store.create).mockRejectedValueOnce(problem);
    const missed = new MissedAlerts({ ...admissions.ports, store: { ...admissions.store, create } });
    await expect(missed.take(found(), later(300_000))).rejects.toBe(problem);
    expect(missed.leavesRest).toBe(false);
    expect(await missed.take(found({ rule: 'Another rule' }), later(300_000))).toMatchObject({ passing: [{}] });
  });

  test("forged lines use up nothing of Falco's: neither its incidents, nor its analyses and notifications", async () => {
    const admissions = new Admissions({
      activePerNamespace: 3,
      activePerCluster: 3,
      modelPassesPerClusterHour: 2,
      notificationsPerClusterHour: 2,
      namespaceFloor: 0,
    });
    for (let rule = 0; rule < 20; rule += 1) await take(admissions, found({ rule: `forged ${rule}` }));
    const { passing } = await admissions.admit(eventOf({ rule: 'real' }, later(301_000)));
    expect(passing).toMatchObject([{ rule: 'real', incident: { why: 'opened', model: true, notify: true } }]);
  });
});
