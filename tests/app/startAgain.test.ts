import fc from 'fast-check';

import { recordOutcome } from '../../app/incidents/recordOutcome';
import { settleQuiet } from '../../app/incidents/settleQuiet';
import { PORTION } from '../../app/incidents/room';
import { startAgain } from '../../app/incidents/startAgain';
import { backlogOf } from '../../core/folding/backlog';
import type { Alert } from '../../core/incident/alert';
import { RECORD_LIMITS } from '../../core/incident/incidentRecord';
import { applyPolicy } from '../../core/policy/policy';
import { CONFIGURATION, contextOf } from '../support/alerts';
import { Admissions, eventOf } from '../support/incidents';

/** Admits an event whose pass is then lost with its process. */
async function lost(admissions: Admissions, event = eventOf()): Promise<Alert> {
  const [alert] = (await admissions.admit(event, 0)).passing;
  return there(alert);
}

/** Admits an event whose pass is lost each time, until it is handed to a person. */
async function givenUp(admissions: Admissions): Promise<Alert> {
  await lost(admissions);
  for (;;) {
    admissions.later(10);
    const found = await again(admissions);
    if (found.givenUp.length > 0) return there(found.givenUp[0]);
  }
}

const again = (admissions: Admissions) => startAgain(admissions.store, admissions.now);
const end = (admissions: Admissions, alert: Alert | undefined) =>
  recordOutcome(admissions.store, { alert: there(alert) }, admissions.now);

function there(alert: Alert | undefined): Alert {
  if (alert === undefined) throw new Error('there is no such alert');
  return alert;
}

describe('a pass whose process was killed', () => {
  test('is started again with its alert, once it is lost, and no more than once', async () => {
    const admissions = new Admissions();
    const alert = await lost(admissions);
    admissions.later(9);
    expect(await again(admissions)).toEqual({ again: [], givenUp: [] });
    admissions.later(1);
    const found = await again(admissions);
    expect(found.again).toEqual([
      {
        ...alert,
        incident: { ...alert.incident, at: admissions.now.toISOString() },
        late: { why: 'unfinished', tries: 2, acts: true },
      },
    ]);
    expect(await again(admissions)).toEqual({ again: [], givenUp: [] });
  });

  test('is started again by one of two processes that look at once', async () => {
    const admissions = new Admissions();
    await lost(admissions);
    admissions.later(10);
    const found = await Promise.all([again(admissions), again(admissions)]);
    expect(found.flatMap((one) => one.again)).toHaveLength(1);
  });

  test('is left, and nothing is noted, while there is no room; nobody asks for room when nothing is lost', async () => {
    const admissions = new Admissions();
    await lost(admissions);
    const hasRoom = jest.fn(() => Promise.resolve(false));
    const look = () => startAgain(admissions.store, admissions.now, undefined, hasRoom);
    await look();
    expect(hasRoom).not.toHaveBeenCalled();
    admissions.later(10);
    const before = await admissions.statuses();
    expect(await look()).toEqual({ again: [], givenUp: [] });
    expect(await admissions.statuses()).toEqual(before);
    expect((await again(admissions)).again).toHaveLength(1);
  });

  test('is started again with a portion of the others, the longest lost first', async () => {
    const admissions = new Admissions({ activePerNamespace: 1000, modelPassesPerHour: 1000 });
    for (let rule = 0; rule < PORTION + 2; rule += 1) {
      await lost(admissions, eventOf({ rule: `rule ${rule}` }));
      admissions.later(1 / 60);
    }
    admissions.later(10);
    const first = await again(admissions);
    expect(first.again.map(({ rule }) => rule)).toEqual(Array.from({ length: PORTION }, (_, rule) => `rule ${rule}`));
    expect((await again(admissions)).again.map(({ rule }) => rule)).toEqual([`rule ${PORTION}`, `rule ${PORTION + 1}`]);
  });

  test('ends like any other once it has a result', async () => {
    const admissions = new Admissions();
    await lost(admissions);
    admissions.later(10);
    const [alert] = (await again(admissions)).again;
    await end(admissions, alert);
    expect((await admissions.statuses())[0]).toMatchObject({ state: 'Waiting', unfinished: [] });
    admissions.later(60);
    expect(await again(admissions)).toEqual({ again: [], givenUp: [] });
  });

  test('is started three times at most, then goes to a person', async () => {
    const admissions = new Admissions();
    const alert = await lost(admissions);
    const found = [];
    for (let look = 1; look <= 3; look += 1) {
      admissions.later(10);
      found.push(await again(admissions));
    }
    expect(found.map((one) => [one.again.length, one.givenUp.length])).toEqual([
      [1, 0],
      [1, 0],
      [0, 1],
    ]);
    expect(found[2]?.givenUp[0]).toMatchObject({ id: alert.id, late: { why: 'unfinished', tries: 3, acts: true } });
  });

  test('goes to a person again, later each time, until the outcome says that the person was notified', async () => {
    const admissions = new Admissions();
    const alert = await givenUp(admissions);
    const waits: number[] = [];
    for (let minutes = 10; waits.length < 9; minutes += 10) {
      admissions.later(10);
      const found = await again(admissions);
      expect(found.again).toEqual([]);
      if (found.givenUp.length === 0) continue;
      expect(found.givenUp).toMatchObject([{ id: alert.id, late: { tries: 3 } }]);
      waits.push(minutes);
      minutes = 0;
    }
    expect(waits).toEqual([10, 20, 40, 80, 160, 320, 640, 1280, 1440]);
    const [status] = await admissions.statuses();
    expect(status?.unfinished).toMatchObject([{ starts: 3, handed: 10 }]);
    await end(admissions, alert);
    expect((await admissions.statuses())[0]).toMatchObject({ state: 'Waiting', unfinished: [] });
    admissions.later(2 * 1440);
    expect(await again(admissions)).toEqual({ again: [], givenUp: [] });
  });

  test('goes to a person by one of two processes that look at once', async () => {
    const admissions = new Admissions();
    await givenUp(admissions);
    admissions.later(10);
    const found = await Promise.all([again(admissions), again(admissions)]);
    expect(found.flatMap((one) => one.givenUp)).toHaveLength(1);
  });

  test('may not act on its own an hour later', async () => {
    const admissions = new Admissions();
    await lost(admissions, eventOf({ priority: 'critical' }));
    admissions.later(61);
    const [alert] = (await again(admissions)).again;
    expect(alert?.late?.acts).toBe(false);
    const judge = (approved: boolean) =>
      applyPolicy({
        decision: 'quarantine_pod',
        confidence: null,
        alert: there(alert),
        context: contextOf(there(alert)),
        mode: 'autonomous',
        approved,
      });
    expect(judge(false).guardrails.map(({ guardrail }) => guardrail)).toContain('late_alert');
    expect(judge(true).guardrails.map(({ guardrail }) => guardrail)).not.toContain('late_alert');
  });

  test('that n8n could not store is started again at once', async () => {
    const admissions = new Admissions();
    const { incident } = await lost(admissions);
    const record = await admissions.store.find(incident?.name ?? '');
    if (record === null) throw new Error('the incident is not there');
    await admissions.store.update(record, { ...(record.status ?? record.spec.opened), lost: true });
    expect((await again(admissions)).again).toHaveLength(1);
    expect((await again(admissions)).again).toHaveLength(0);
  });

  test('is not started again when the next event made up for it, or while one of the same incident goes on', async () => {
    const admissions = new Admissions();
    await lost(admissions);
    admissions.later(11);
    const [retried] = (await admissions.admit(eventOf())).passing;
    expect(retried?.incident?.why).toBe('retried');
    expect(await again(admissions)).toEqual({ again: [], givenUp: [] });
    // Started again, the pass is new for the next event, too.
    admissions.later(11);
    expect((await again(admissions)).again).toHaveLength(1);
    expect((await admissions.admit(eventOf())).passing).toEqual([]);
  });

  test('of a settled incident keeps it from being archived, and of an earlier opening is not forgotten', async () => {
    const admissions = new Admissions();
    await lost(admissions);
    await admissions.settle();
    admissions.later(120);
    await settleQuiet(admissions.store, CONFIGURATION, admissions.now);
    expect((await admissions.statuses())[0]?.archived).not.toBe(true);
    const [reopened] = (await admissions.admit(eventOf({}, admissions.now))).passing;
    expect(reopened?.incident?.why).toBe('reopened');
    expect((await admissions.statuses())[0]?.unfinished).toHaveLength(2);
    await end(admissions, reopened);
    expect((await again(admissions)).again).toHaveLength(1);
  });
});

test('of a storm, the alert that acts and the one that reports it are both started again', async () => {
  const admissions = new Admissions({ activePerNamespace: 1 }, { acts: ({ rule }) => rule === 'acts' });
  await end(admissions, await lost(admissions, eventOf({ pod: 'first' })));
  const { passing } = await admissions.admit(eventOf({ pod: 'second', rule: 'acts' }));
  expect(passing).toHaveLength(2);
  admissions.later(10);
  const found = await again(admissions);
  expect(found.again.map(({ id }) => id).toSorted()).toEqual(passing.map(({ id }) => id).toSorted());
  for (const alert of found.again) await end(admissions, alert);
  expect((await admissions.statuses()).flatMap(({ unfinished = [] }) => unfinished)).toEqual([]);
});

test('what is kept of an alert is bounded, and starts its workflow with what it acts on', async () => {
  const admissions = new Admissions();
  const fields = Object.fromEntries(Array.from({ length: 128 }, (_, index) => [`field.${index}`, 'x'.repeat(1000)]));
  const alert = await lost(admissions, eventOf({ fields, output: 'y'.repeat(20_000) }));
  const [kept] = (await admissions.statuses()).flatMap(({ unfinished = [] }) => unfinished);
  expect(Buffer.byteLength(kept?.alert ?? '')).toBeLessThanOrEqual(RECORD_LIMITS.alert);
  admissions.later(10);
  const [started] = (await again(admissions)).again;
  expect(started).toMatchObject({ id: alert.id, rule: alert.rule, target: alert.target });
});

test('a pass that somebody edited by hand keeps no other from being started', async () => {
  const admissions = new Admissions();
  await lost(admissions, eventOf({ pod: 'edited' }));
  const whole = await lost(admissions, eventOf({ pod: 'whole' }));
  const record = (await admissions.store.all()).find(({ spec }) => spec.subject.name === 'edited');
  if (record === undefined) throw new Error('the incident is not there');
  const { opened } = record.spec;
  const unfinished = (opened.unfinished ?? []).map((pass) => ({ ...pass, alert: '{"id":' }));
  await admissions.store.update(record, { ...opened, unfinished });
  admissions.later(10);
  expect((await again(admissions)).again.map(({ id }) => id)).toEqual([whole.id]);
});

test('nothing is kept where nobody notes how passes end', async () => {
  const admissions = new Admissions({}, { settledBy: 'time' });
  await lost(admissions);
  expect((await admissions.statuses())[0]?.unfinished).toBeUndefined();
});

test('in any order of events, ends and losses each pass is started until it ends, and an incident keeps a bounded number', async () => {
  const step = fc.record({
    what: fc.constantFrom('event', 'end', 'time', 'look'),
    pod: fc.constantFrom('a', 'b', 'c'),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      const admissions = new Admissions();
      const open: Alert[] = [];
      for (const { what, pod } of steps) {
        if (what === 'event') open.push(...(await admissions.admit(eventOf({ pod }, admissions.now))).passing);
        if (what === 'end' && open.length > 0) await end(admissions, open.shift());
        if (what === 'time') admissions.later(4);
        if (what === 'look') await again(admissions);
      }
      for (const alert of open) await end(admissions, alert);
      for (const { unfinished = [] } of await admissions.statuses())
        expect(unfinished.length).toBeLessThanOrEqual(RECORD_LIMITS.unfinished);
      admissions.later(10);
      // All have ended, so that nothing is started any more.
      expect(await again(admissions)).toEqual({ again: [], givenUp: [] });
    }),
    { numRuns: 60 },
  );
});

describe('the backlog', () => {
  const backlog = async (admissions: Admissions) => backlogOf(await admissions.store.all());

  test('is empty when every pass has ended', async () => {
    const admissions = new Admissions();
    await end(admissions, await lost(admissions));
    expect(await backlog(admissions)).toEqual({ unfinished: 0, since: null });
  });

  test('counts each pass without an end, from when the alert of the oldest came in, also once it is started again', async () => {
    const admissions = new Admissions();
    const came = admissions.now.toISOString();
    await lost(admissions, eventOf({ pod: 'a' }, admissions.now));
    admissions.later(5);
    await lost(admissions, eventOf({ pod: 'b' }, admissions.now));
    admissions.later(5);
    expect((await again(admissions)).again).toHaveLength(1);
    expect(await backlog(admissions)).toEqual({ unfinished: 2, since: came });
  });

  test('takes the last start of a pass whose alert somebody changed by hand', async () => {
    const admissions = new Admissions();
    await lost(admissions);
    const [record] = await admissions.store.all();
    if (record === undefined) throw new Error('the incident is not there');
    const { opened } = record.spec;
    const unfinished = [{ key: '1.1', pod: '', at: '2026-11-27T09:00:00.000Z', starts: 1, alert: '{"receivedAt":7' }];
    expect(backlogOf([{ ...record, status: { ...opened, unfinished } }])).toEqual({
      unfinished: 1,
      since: '2026-11-27T09:00:00.000Z',
    });
  });
});
