import { settledByTime } from '../../core/folding/byTime';
import { DEFAULT_INCIDENT_BOUNDS } from '../../core/incident/responsePolicy';
import { Admissions, eventOf } from '../support/incidents';

/** Incidents that no workflow settles, as in memory and in PostgreSQL. */
const byTime = (bounds: ConstructorParameters<typeof Admissions>[0] = {}) =>
  new Admissions(bounds, { settledBy: 'time' });
/** Why the event started the workflow. */
const whyOf = async (admissions: Admissions, change: Parameters<typeof eventOf>[0] = {}) =>
  (await admissions.admit(eventOf(change, admissions.now))).passing.map(({ incident }) => incident?.why);

describe('settled by time: an incident', () => {
  test('is opened again by an event after an hour without one, under the id of that event', async () => {
    const admissions = byTime();
    await admissions.admit(eventOf({}, admissions.now));
    admissions.later(61);
    const event = eventOf({}, admissions.now);
    const { incident, passing } = await admissions.admit(event);
    expect(incident).toBe(event.id);
    expect(passing).toMatchObject([{ incident: { why: 'reopened', count: 1 } }]);
    expect(await admissions.statuses()).toMatchObject([
      { state: 'Open', opening: 2, reason: 'opened again: no event for 60 minutes' },
    ]);
  });

  test.each([1, 5, 59])('that goes on every %i minutes starts the workflow once an hour', async (minutes) => {
    const admissions = byTime();
    let passes = 0;
    for (let at = 0; at < 24 * 60; at += minutes) {
      passes += (await whyOf(admissions)).length;
      admissions.later(minutes);
    }
    expect(passes).toBeGreaterThanOrEqual(12);
    expect(passes).toBeLessThanOrEqual(24);
    expect(await admissions.statuses()).toMatchObject([{ opening: 1, count: Math.ceil((24 * 60) / minutes) }]);
  });

  test('is not settled by events that were counted and are not written down yet', async () => {
    const admissions = byTime();
    await whyOf(admissions);
    admissions.later(59);
    expect(await whyOf(admissions)).toEqual([]);
    admissions.later(2);
    expect(await whyOf(admissions)).toEqual(['retried']);
  });

  test('whose analysis was not stored starts the workflow with the next event', async () => {
    const admissions = byTime();
    await whyOf(admissions);
    const [record] = await admissions.store.all();
    if (record !== undefined) await admissions.store.update(record, { ...record.spec.opened, lost: true });
    expect(await whyOf(admissions)).toEqual(['retried']);
  });

  test('that is resolved hours later is resolved, not ignored', async () => {
    const admissions = byTime();
    await whyOf(admissions);
    admissions.later(5 * 60);
    expect(await whyOf(admissions, { status: 'resolved' })).toEqual(['resolved']);
    expect(await whyOf(admissions, { status: 'resolved' })).toEqual([]);
    expect(await admissions.statuses()).toMatchObject([{ state: 'Settled', reason: 'resolved at its source' }]);
  });

  test('whose event is sent again hours later has not ended: a pass that was lost is made up for', async () => {
    const admissions = byTime();
    const event = eventOf({}, admissions.now);
    await admissions.admit(event);
    admissions.later(4 * 60);
    expect((await admissions.admit(event)).passing).toMatchObject([{ id: event.id, incident: { why: 'retried' } }]);
  });

  test('that is quiet leaves its place to another, so that no storm lasts for ever', async () => {
    const admissions = byTime({ activePerNamespace: 3 });
    for (const pod of ['a', 'b', 'c']) await whyOf(admissions, { pod });
    expect(await whyOf(admissions, { pod: 'd' })).toEqual(['storm']);
    admissions.later(61);
    expect(await whyOf(admissions, { pod: 'e' })).toEqual(['opened']);
  });

  test('of a storm tells a person again when there is another one, hours later', async () => {
    const admissions = byTime({ activePerNamespace: 3 });
    for (let storm = 0; storm < 2; storm += 1) {
      for (let pod = 0; pod < 3; pod += 1) await whyOf(admissions, { pod: `${storm}-${pod}` });
      expect(await whyOf(admissions, { pod: `${storm}-3` })).toEqual([storm === 0 ? 'storm' : 'reopened']);
      expect(await whyOf(admissions, { pod: `${storm}-4` })).toEqual([]);
      admissions.later(3 * 60);
    }
  });
});

test('a store whose incidents a workflow settles leaves that to the workflow', async () => {
  const admissions = new Admissions();
  await whyOf(admissions);
  const [record] = await admissions.store.all();
  if (record !== undefined) await admissions.store.update(record, { ...record.spec.opened, state: 'Waiting' });
  admissions.later(5 * 60);
  expect(await whyOf(admissions)).toEqual([]);
});

test('a clock that jumps back settles nothing', async () => {
  const admissions = byTime();
  await whyOf(admissions);
  const [record] = await admissions.store.all();
  const status = record?.spec.opened;
  if (status === undefined) throw new Error('nothing was opened');
  expect(settledByTime(status, DEFAULT_INCIDENT_BOUNDS, new Date('2026-11-20T10:00:00Z'))).toBe(status);
});
