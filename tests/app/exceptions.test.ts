import { CountedMatches } from '../../app/exceptions/countedMatches';
import { countDecided } from '../../app/exceptions/countDecided';
import { confirmExceptions, dueExceptions } from '../../app/exceptions/dueForReview';
import { proposeException } from '../../app/exceptions/propose';
import { withException } from '../../app/exceptions/withException';
import { PipelineError } from '../../core/errors';
import type { Exception, ExceptionStatus } from '../../core/incident/exception';
import { approvalSpec } from '../../core/response/approvalItem';
import type { Approval } from '../../core/response/approval';
import { exceptionCause, reviewMessage } from '../../core/policy/exceptions/review';
import { alertOf, contextOf, RECEIVED_AT } from '../support/alerts';
import { DAY_MS, exceptionOf, UID } from '../support/exceptions';
import { Admissions, eventOf, linkOf } from '../support/incidents';
import { memoryIncidents } from '../../adapters/memory/incidents';

const later = (days: number) => new Date(RECEIVED_AT.getTime() + days * DAY_MS);
const down = new PipelineError('unreachable', 'no answer', { nextStep: 'Wait.' });

describe('the context of an alert', () => {
  const alert = alertOf('escalate-test', {
    rule: 'Read sensitive file untrusted',
    target: { namespace: 'shop', pod: 'a', podUid: UID, container: null, image: null },
  });

  test('names the exception that matches', async () => {
    const found = { findException: () => Promise.resolve(exceptionOf()) };
    expect(await withException(found, alert, contextOf(alert), RECEIVED_AT)).toMatchObject({
      exception: { name: 'backup-reads-shadow', owner: 'ann@example.com' },
    });
  });

  test('names none where policy holds the alert: nobody is even asked', async () => {
    const findException = jest.fn();
    const acted = { ...alert, rule: 'Find AWS Credentials' };
    for (const [about, context] of [
      [acted, contextOf(acted)],
      [alert, { status: 'gone', readAt: RECEIVED_AT.toISOString(), detail: '' }],
    ] as const)
      expect(await withException({ findException }, about, context, RECEIVED_AT)).toEqual(context);
    expect(findException).not.toHaveBeenCalled();
  });

  test('says that exceptions could not be read, and the alert goes its way', async () => {
    const context = await withException(
      { findException: () => Promise.reject(down) },
      alert,
      contextOf(alert),
      RECEIVED_AT,
    );
    expect(context).toMatchObject({ status: 'found', missing: ['exceptions: no answer'] });
    expect(context).not.toHaveProperty('exception');
  });
});

describe('matches are counted', () => {
  const at = (minutes: number) => new Date(RECEIVED_AT.getTime() + minutes * 60_000);
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  test('the first at once, those of the next five minutes together', async () => {
    const writes: unknown[] = [];
    const counted = new CountedMatches((...write) => {
      writes.push(write);
      return Promise.resolve();
    });
    for (let second = 0; second < 100; second += 1) await counted.add('one', 1, at(second / 60));
    expect(writes).toEqual([['one', 1, at(0)]]);
    await counted.add('another', 3, at(1));
    expect(writes).toHaveLength(2);
    await jest.advanceTimersByTimeAsync(5 * 60_000);
    expect(writes.slice(2)).toEqual([['one', 99, at(99 / 60)]]);
    await jest.advanceTimersByTimeAsync(15 * 60_000);
    await counted.add('one', 2, at(20));
    expect(writes.slice(3)).toEqual([['one', 2, at(20)]]);
  });

  test('within these minutes, also where the clock is set back', async () => {
    const writes: unknown[] = [];
    const counted = new CountedMatches((...write) => {
      writes.push(write);
      return Promise.resolve();
    });
    await counted.add('one', 1, at(0));
    await counted.add('one', 1, at(-24 * 60));
    await jest.advanceTimersByTimeAsync(5 * 60_000);
    expect(writes).toHaveLength(2);
  });

  test('and what cannot be written is written with what follows', async () => {
    const writes: number[] = [];
    let isDown = true;
    const counted = new CountedMatches((_name, events) => {
      if (isDown) return Promise.reject(down);
      writes.push(events);
      return Promise.resolve();
    });
    await counted.add('one', 2, at(0));
    isDown = false;
    await jest.advanceTimersByTimeAsync(5 * 60_000);
    expect(writes).toEqual([2]);
  });

  test('with the repeats that were only counted, and only where an exception decided', async () => {
    const countMatches = jest.fn(() => Promise.resolve());
    const alert = { ...alertOf(), incident: { ...linkOf(), repeats: 7 } };
    await countDecided({ countMatches }, { alert }, RECEIVED_AT);
    expect(countMatches).not.toHaveBeenCalled();
    const decision = { exception: 'one' } as never;
    await countDecided({ countMatches }, { alert, decision }, RECEIVED_AT);
    expect(countMatches).toHaveBeenCalledWith('one', 8, RECEIVED_AT);
  });
});

describe('the review', () => {
  const made = (days: number, status: Partial<Exception['status']> = {}, lasts = 90) =>
    exceptionOf({ expiresAt: later(lasts - days).toISOString() }, status, later(-days));

  test.each<[string, Exception, string | null]>([
    ['a new one', made(1), null],
    ['one that matched nothing for 30 days', made(30), 'unused'],
    ['one that matched lately', made(60, { lastMatched: later(-29).toISOString() }), null],
    ['one that matched long ago', made(60, { lastMatched: later(-30).toISOString() }), 'unused'],
    ['one that was named this week', made(40, { toldAt: later(-6).toISOString() }), null],
    ['one that was named a week ago', made(40, { toldAt: later(-7).toISOString() }), 'unused'],
    ['one that has ended', made(10, {}, 5), 'ended'],
    ['one that ended after it was named', made(45, { toldAt: later(-10).toISOString() }, 40), 'ended'],
    ['one whose end was named', made(45, { toldAt: later(-1).toISOString() }, 40), null],
    ['one that has ended by its age', made(91, {}, 400), 'ended'],
  ])('%s: %s', (_what, exception, cause) => {
    expect(exceptionCause(exception, RECEIVED_AT)).toBe(cause);
  });

  test('notifies once of all that are due, with name, owner, rule and what became of them', async () => {
    const statuses: ExceptionStatus[] = [];
    const changeExceptions = jest.fn(
      (names: readonly string[], change: (status: ExceptionStatus) => ExceptionStatus) => {
        statuses.push(...names.map(() => change({ matches: 4 })));
        return Promise.resolve();
      },
    );
    const recordOnce = jest.fn(() => Promise.resolve());
    const [unused, ended, fine] = [made(31), made(10, { matches: 4 }, 5), made(1)];
    const cluster = { listExceptions: () => Promise.resolve([unused, ended, fine]), changeExceptions, recordOnce };
    const due = await dueExceptions(cluster, RECEIVED_AT);
    expect(due?.escalation.message).toBe(
      'Exceptions due for review: backup-reads-shadow of ann@example.com ("Read sensitive file untrusted") matched nothing since it was made on 2026-10-21 and ends on 2027-01-19; ' +
        'backup-reads-shadow of ann@example.com ("Read sensitive file untrusted") ended on 2026-11-16 after 4 events. See kubectl get exceptions -n n8n; kubectl delete ends one.',
    );
    const reporting = { at: RECEIVED_AT.toISOString(), tries: 1 };
    expect(statuses).toEqual([
      { matches: 4, reporting },
      { matches: 4, reporting },
    ]);
    expect(recordOnce).toHaveBeenCalledWith(expect.objectContaining({ reason: 'ExceptionsDue' }), RECEIVED_AT);
    expect(await dueExceptions({ ...cluster, listExceptions: () => Promise.resolve([fine]) }, RECEIVED_AT)).toBeNull();
  });

  test.each([
    ['unused', made(31)],
    ['ended', made(10, { matches: 4 }, 5)],
  ])('reports one that is %s again until it is confirmed, after twice the time each', async (_cause, exception) => {
    let kept = exception;
    const cluster = {
      listExceptions: () => Promise.resolve([kept]),
      changeExceptions: (_names: readonly string[], change: (status: ExceptionStatus) => ExceptionStatus) => {
        kept = { ...kept, status: change(kept.status) };
        return Promise.resolve();
      },
      recordOnce: () => Promise.resolve(),
    };
    const after = (minutes: number) => new Date(RECEIVED_AT.getTime() + minutes * 60_000);
    const waits: number[] = [];
    let last = 0;
    let due = null;
    for (let minutes = 0; waits.length < 10; minutes += 10) {
      const found = await dueExceptions(cluster, after(minutes));
      if (found === null) continue;
      due = found;
      waits.push(minutes - last);
      last = minutes;
    }
    expect(waits).toEqual([0, 10, 20, 40, 80, 160, 320, 640, 1280, 1440]);
    const stale = { exceptions: [exception.metadata.name], escalation: { recordedAt: RECEIVED_AT.toISOString() } };
    await confirmExceptions(cluster, stale, after(last));
    expect(kept.status).toMatchObject({ reporting: { tries: 10 } });
    if (due === null) throw new Error('it was not due');
    await confirmExceptions(cluster, due, after(last + 1));
    expect(kept.status).toMatchObject({ toldAt: after(last + 1).toISOString() });
    expect(kept.status.reporting).toBeUndefined();
    expect(await dueExceptions(cluster, after(last + 6 * 1440))).toBeNull();
  });

  test('names ten, and how many more', () => {
    const due = Array.from({ length: 25 }, () => ({ exception: made(31), cause: 'unused' as const }));
    const message = reviewMessage(due);
    expect(message).toContain('and 15 more');
    expect(message.length).toBeLessThan(2800);
  });
});

describe('a proposal', () => {
  const alert = alertOf('escalate-test', {
    rule: 'Read sensitive file untrusted',
    target: { namespace: 'shop', pod: 'a', podUid: UID, container: null, image: null },
  });
  const approvalIn = (status: object): { readApproval: () => Promise<Approval> } => ({
    readApproval: () =>
      Promise.resolve({
        metadata: { name: 'incident-1', resourceVersion: '1' },
        spec: approvalSpec({ alert, context: contextOf(alert) }, 1, RECEIVED_AT),
        status: status as Approval['status'],
      }),
  });
  const wish = { parts: ['workload'] as const, reason: 'a backup', days: 7, owner: null };
  const propose = (status: object, owner: string | null = null) =>
    proposeException(approvalIn(status), 'incident-1', { ...wish, owner }, RECEIVED_AT);

  test.each(['ignore', 'release_pod'])('follows the decision %s of a person, who owns it', async (decision) => {
    const { manifest, command } = await propose({ state: 'Approved', decision, decidedBy: 'ann', via: 'form' });
    expect(manifest.spec).toMatchObject({ owner: 'ann', reason: 'a backup', incident: alert.id });
    expect(command).toContain('kubectl apply');
  });

  test('names another owner where one is given', async () => {
    const { manifest } = await propose({ state: 'Approved', decision: 'ignore', decidedBy: 'ann', via: 'form' }, 'bob');
    expect(manifest.spec.owner).toBe('bob');
  });

  test.each([
    ['that nobody decided', {}],
    ['that was rejected', { state: 'Rejected', decidedBy: 'ann', via: 'form' }],
    ['that expired', { state: 'Expired', decidedBy: 'timeout', via: 'timeout' }],
    ['that was an attack', { state: 'Approved', decision: 'delete_pod', decidedBy: 'ann', via: 'form' }],
  ])('is none of an incident %s', async (_what, status) => {
    await expect(propose(status)).rejects.toMatchObject({ code: 'rejected' });
  });
});

describe('events that an exception matches', () => {
  const excepted = (name: string | null) => ({
    store: {
      ...memoryIncidents(),
      exceptionOf: (alert: { fields: object }) =>
        Promise.resolve({ name: 'proc.cmdline' in alert.fields ? name : null, isPossible: name !== null }),
    },
  });
  const backup = () => eventOf({ fields: { 'proc.cmdline': 'tar' } });

  test('are an incident of their own, which says whose', async () => {
    const admissions = new Admissions({}, excepted('one'));
    const [matched] = (await admissions.admit(backup())).passing;
    const [other] = (await admissions.admit(eventOf({ fields: {} }))).passing;
    expect(matched?.incident).toMatchObject({ exception: 'one' });
    expect(other?.incident).not.toHaveProperty('exception');
    expect(other?.incident?.name).not.toBe(matched?.incident?.name);
  });

  test('are not answered alike by the gate with those that it does not match', async () => {
    const admissions = new Admissions({}, excepted('one'));
    await admissions.admit(backup());
    expect(await admissions.admit(backup())).toMatchObject({ passing: [], isAlike: false });
    const without = new Admissions({}, excepted(null));
    await without.admit(backup());
    expect(await without.admit(backup())).toMatchObject({ passing: [], isAlike: true });
  });

  test('never use up the passes of those that it does not match', async () => {
    const admissions = new Admissions({}, excepted('one'));
    for (let event = 0; event < 50; event += 1) {
      await admissions.admit(backup());
      await admissions.settle();
    }
    expect((await admissions.admit(eventOf({ fields: {} }))).passing).toMatchObject([
      { incident: { why: 'opened', bound: null } },
    ]);
  });
});
