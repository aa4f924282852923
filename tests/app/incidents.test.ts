import type { Incident } from '../../core/incident/incident';
import type { IncidentStatus } from '../../core/incident/incidentRecord';
import type { ActionResponse } from '../../core/incident/response';
import { recordOutcome } from '../../app/incidents/recordOutcome';
import { openAfterwards } from '../../app/incidents/openAfterwards';
import { settleQuiet } from '../../app/incidents/settleQuiet';
import type { ApprovalNote, DecisionRecord } from '../../core/incident/decision';
import { CONFIGURATION } from '../support/alerts';
import { acted, Admissions, eventOf } from '../support/incidents';
import { NO_MODEL } from '../support/modelRun';

const AT = '2026-11-27T10:00:01.000Z';
const DEPLOYMENT = { kind: 'Deployment', namespace: 'shop', name: 'checkout' };

const decided = (decision: DecisionRecord['decision'], change: Partial<DecisionRecord> = {}): DecisionRecord => ({
  decision,
  classification: 'needs_review',
  confidence: 1,
  reason: 'a test',
  proposal: { decision, classification: 'needs_review', confidence: 1, reason: 'a test' },
  guardrails: [],
  decidedAt: AT,
  run: NO_MODEL,
  ...change,
});

const byPerson = (state: 'Rejected' | 'Expired') =>
  decided('ignore', {
    approval: { name: 'a', state, chosen: null, by: 'ann', via: 'form', at: AT },
  });

/** Admits one event, and records what its pass led to. */
async function outcomeOf(pass: Partial<Incident>): Promise<IncidentStatus | undefined> {
  const admissions = new Admissions();
  const [alert] = (await admissions.admit(eventOf())).passing;
  if (alert === undefined) throw new Error('the event did not pass');
  await recordOutcome(admissions.store, { alert, ...pass }, admissions.now);
  return (await admissions.statuses())[0];
}

describe('recordOutcome: what a pass did not need is left to others', () => {
  const asked = { ...decided('ignore').run, by: 'model' as const, questions: 2 };
  const cost = async (pass: Partial<Incident>) =>
    (await outcomeOf(pass))?.passes.map(({ model, notify }) => ({ model, notify }));

  test('an ignored alert notified nobody', async () => {
    expect(await cost({ decision: decided('ignore', { run: asked }) })).toEqual([{ model: true, notify: false }]);
  });

  test('a decision without a model asked none', async () => {
    expect(await cost({ decision: decided('escalate') })).toEqual([{ model: false, notify: true }]);
  });

  test('an answer of the model that was reused cost no request', async () => {
    const reused = { incident: 'another', at: '2026-11-21T10:15:00.000Z' };
    const decision = decided('escalate', { run: { ...asked, questions: 0, reused } });
    expect(await cost({ decision })).toEqual([{ model: false, notify: true }]);
  });

  test('an alert that waits for a person had what it was allowed', async () => {
    expect(await cost({ decision: decided('escalate', { run: asked }) })).toEqual([{ model: true, notify: true }]);
  });

  test('an alert that escalated without an Approval notified people, also where its pod was contained first', async () => {
    const escalation = { message: 'look at it', event: null, problem: null, recordedAt: AT };
    const pass = { decision: decided('escalate'), containment: acted('quarantine_pod'), escalation };
    expect(await outcomeOf(pass)).toMatchObject({ state: 'Contained', passes: [{ notify: true }] });
  });

  test('of two passes in the same millisecond none is taken for the other', async () => {
    const admissions = new Admissions();
    const [first] = (await admissions.admit(eventOf())).passing;
    const [raised] = (await admissions.admit(eventOf({ priority: 'critical' }))).passing;
    if (first === undefined || raised === undefined) throw new Error('an event did not pass');
    await recordOutcome(
      admissions.store,
      { alert: raised, decision: decided('escalate', { run: asked }) },
      admissions.now,
    );
    await recordOutcome(admissions.store, { alert: first, decision: decided('ignore') }, admissions.now);
    expect((await admissions.statuses())[0]?.passes).toMatchObject([{ notify: true }, { model: true, notify: true }]);
  });

  test('what a person decides takes no notification back', async () => {
    expect(await cost({ decision: byPerson('Rejected') })).toEqual([{ model: true, notify: true }]);
  });

  test('noise that is ignored uses up no notification of others', async () => {
    const admissions = new Admissions({ notificationsPerClusterHour: 3, namespaceFloor: 0 });
    for (let pod = 0; pod < 20; pod += 1) {
      const [alert] = (await admissions.admit(eventOf({ pod: `pod-${pod}` }))).passing;
      if (alert !== undefined)
        await recordOutcome(admissions.store, { alert, decision: decided('ignore') }, admissions.now);
    }
    expect((await admissions.admit(eventOf({ pod: 'web' }))).passing).toMatchObject([{ incident: { notify: true } }]);
    expect([...admissions.spent]).toEqual([]);
  });
});

describe('recordOutcome: the state of an incident follows from its pass', () => {
  test.each<[string, Partial<Incident>, IncidentStatus['state'], RegExp]>([
    ['ignored', { decision: decided('ignore') }, 'Settled', /^ignored: a test$/],
    ['isolated', { decision: decided('quarantine_pod'), response: acted('quarantine_pod') }, 'Contained', /a test/],
    ['deleted', { decision: decided('delete_pod'), response: acted('delete_pod') }, 'Settled', /delete_pod/],
    [
      'gone before it was deleted',
      { decision: decided('delete_pod'), response: acted('delete_pod', 'gone') },
      'Settled',
      /gone/,
    ],
    ['released', { decision: decided('ignore'), response: acted('release_pod') }, 'Settled', /release_pod/],
    [
      'a dry run',
      { decision: decided('quarantine_pod'), response: acted('quarantine_pod', 'dry_run') },
      'Settled',
      /dry_run/,
    ],
    [
      'not isolated',
      { decision: decided('quarantine_pod'), response: acted('quarantine_pod', 'failed') },
      'Waiting',
      /a test/,
    ],
    [
      'escalated',
      { decision: decided('escalate'), approval: { name: 'a', expiresAt: AT } },
      'Waiting',
      /a person has to decide until 2026/,
    ],
    ['escalated without an Approval', { decision: decided('escalate') }, 'Waiting', /a test/],
    ['rejected', { decision: byPerson('Rejected') }, 'Settled', /^rejected by ann$/],
    ['not decided in time', { decision: byPerson('Expired') }, 'Settled', /^nobody decided in time$/],
  ])('%s', async (_what, pass, state, reason) => {
    expect(await outcomeOf(pass)).toMatchObject({ state, reason: expect.stringMatching(reason) as string });
  });

  test('of one pod that is ignored leaves waiting what waits for a person about another', async () => {
    const about = () => Promise.resolve({ kind: 'Deployment', namespace: 'shop', name: 'web' });
    const admissions = new Admissions({}, { about });
    const [first] = (await admissions.admit(eventOf({ pod: 'a' }))).passing;
    const approval = { name: 'approval', expiresAt: '2026-11-28T10:00:00.000Z' };
    if (first !== undefined)
      await recordOutcome(admissions.store, { alert: first, decision: decided('escalate'), approval }, admissions.now);
    const [joined] = (await admissions.admit(eventOf({ pod: 'b' }))).passing;
    if (joined !== undefined)
      await recordOutcome(admissions.store, { alert: joined, decision: decided('ignore') }, admissions.now);
    expect(joined?.incident?.why).toBe('joined');
    expect(await admissions.statuses()).toMatchObject([{ state: 'Waiting' }]);
  });

  describe('of a decision on several pods', () => {
    const approval = (part: number): ApprovalNote => ({
      name: 'a',
      state: 'Approved',
      chosen: 'quarantine_pod',
      by: 'ann',
      via: 'form',
      at: AT,
      part,
      parts: 2,
    });
    const pass = (part: number, outcome: ActionResponse['outcome']) => ({
      decision: decided('quarantine_pod', { approval: approval(part) }),
      response: acted('quarantine_pod', outcome),
    });

    test.each<[ActionResponse['outcome'], ActionResponse['outcome'], IncidentStatus['state']]>([
      ['done', 'done', 'Contained'],
      ['failed', 'done', 'Waiting'],
      ['done', 'refused', 'Waiting'],
    ])('%s and %s is the more urgent state', async (first, second, state) => {
      const admissions = new Admissions();
      const [alert = eventOf()] = (await admissions.admit(eventOf())).passing;
      await recordOutcome(admissions.store, { alert, ...pass(1, first) }, admissions.now);
      await recordOutcome(admissions.store, { alert, ...pass(2, second) }, admissions.now);
      expect((await admissions.statuses())[0]).toMatchObject({ state });
    });

    test('waits for the pods that joined after the page was opened', async () => {
      const later = { name: 'b', expiresAt: AT };
      expect(await outcomeOf({ ...pass(1, 'done'), approval: later })).toMatchObject({
        state: 'Waiting',
        reason: expect.stringContaining('on further pods') as string,
      });
    });
  });

  test('an incident that was opened again since keeps the state of its new opening', async () => {
    const admissions = new Admissions();
    const [alert] = (await admissions.admit(eventOf())).passing;
    await admissions.settle();
    await admissions.admit(eventOf());
    if (alert !== undefined)
      await recordOutcome(admissions.store, { alert, decision: decided('ignore') }, admissions.now);
    expect(await admissions.statuses()).toMatchObject([{ state: 'Open', opening: 2 }]);
  });

  test('an incident that somebody deleted is an error that says so', async () => {
    const admissions = new Admissions();
    const [alert] = (await admissions.admit(eventOf())).passing;
    const store = { ...admissions.store, find: () => Promise.resolve(null) };
    const pass = { alert: alert ?? eventOf(), decision: decided('ignore') };
    await expect(recordOutcome(store, pass, admissions.now)).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('settleQuiet', () => {
  const settled = async (pass: Partial<Incident>, minutes: number) => {
    const admissions = new Admissions();
    const [alert] = (await admissions.admit(eventOf())).passing;
    if (alert !== undefined) await recordOutcome(admissions.store, { alert, ...pass }, admissions.now);
    admissions.later(minutes);
    return settleQuiet(admissions.store, CONFIGURATION, admissions.now);
  };
  const contained = { decision: decided('quarantine_pod'), response: acted('quarantine_pod') };
  const waiting = { decision: decided('escalate'), approval: { name: 'a', expiresAt: AT } };

  test.each<[string, Partial<Incident>, number, number]>([
    ['ends what had no event for an hour', contained, 61, 1],
    ['leaves what had one', contained, 59, 0],
    ['leaves what waits for a person', waiting, 61, 0],
    ['ends what nobody decided in time', waiting, 8 * 60 + 1, 1],
    ['leaves what is settled', { decision: decided('ignore') }, 61, 0],
  ])('%s', async (_what, pass, minutes, expected) => {
    expect(await settled(pass, minutes)).toMatchObject({ settled: expected });
  });
});

describe('settleQuiet archives', () => {
  const ignored = async (minutes: number) => {
    const admissions = new Admissions();
    const [alert] = (await admissions.admit(eventOf())).passing;
    if (alert === undefined) throw new Error('the event did not pass');
    await recordOutcome(admissions.store, { alert, decision: decided('ignore') }, admissions.now);
    admissions.later(minutes);
    await settleQuiet(admissions.store, CONFIGURATION, admissions.now);
    return { admissions, alert };
  };
  const archived = async (admissions: Admissions) => (await admissions.statuses())[0]?.archived ?? false;

  test.each([
    ['not what had a pass within the hour, which counts for its bounds', 59, false],
    ['what is settled and was quiet for an hour', 61, true],
  ])('%s', async (_what, minutes, expected) => {
    expect(await archived((await ignored(minutes)).admissions)).toBe(expected);
  });

  test('not what is open, however long ago its last event was', async () => {
    const admissions = new Admissions();
    await admissions.admit(eventOf());
    admissions.later(59);
    await settleQuiet(admissions.store, CONFIGURATION, admissions.now);
    expect(await archived(admissions)).toBe(false);
  });

  test('and says what the incident came to, its repeats among it, but for self-tests', async () => {
    for (const [synthetic, ended] of [
      [false, [{ events: 7, repeats: 6 }]],
      [true, []],
    ] as const) {
      const admissions = new Admissions();
      const [alert] = (await admissions.admit(eventOf({ synthetic }))).passing;
      for (let repeat = 0; repeat < 6; repeat += 1) await admissions.admit(eventOf({ synthetic }));
      await admissions.ports.repeats.flush();
      if (alert !== undefined)
        await recordOutcome(admissions.store, { alert, decision: decided('ignore') }, admissions.now);
      admissions.later(61);
      expect(await settleQuiet(admissions.store, CONFIGURATION, admissions.now)).toMatchObject({ ended });
      expect(await settleQuiet(admissions.store, CONFIGURATION, admissions.now)).toEqual({ settled: 0, ended: [] });
    }
  });

  test('so that an incident that is opened again says what its last opening came to, unless that was said before', async () => {
    const { admissions } = await ignored(10);
    const reopened = (await admissions.admit(eventOf({}, admissions.now))).passing;
    expect(reopened).toMatchObject([{ incident: { why: 'reopened', endedEvents: 1, repeats: 0 } }]);
    const later = (await ignored(61)).admissions;
    const [alert] = (await later.admit(eventOf({}, later.now))).passing;
    expect(alert?.incident).not.toHaveProperty('endedEvents');
  });

  test('and what is archived counts again when it is opened again, or something is written to it', async () => {
    const { admissions } = await ignored(61);
    expect(await archived(admissions)).toBe(true);
    await admissions.admit(eventOf({}, admissions.now));
    expect(await admissions.statuses()).toMatchObject([{ state: 'Open', opening: 2 }]);
    expect(await archived(admissions)).toBe(false);

    const late = await ignored(61);
    await recordOutcome(
      late.admissions.store,
      { alert: late.alert, decision: decided('escalate') },
      late.admissions.now,
    );
    expect(await late.admissions.statuses()).toMatchObject([{ state: 'Waiting', archived: false }]);
  });
});

describe('an hour of a loop in one pod', () => {
  test.each<[string, Partial<Incident>]>([
    ['that a person is asked about', { decision: decided('escalate'), approval: { name: 'a', expiresAt: AT } }],
    ['whose pod was isolated', { decision: decided('quarantine_pod'), response: acted('quarantine_pod') }],
  ])('%s starts the workflow once', async (_what, pass) => {
    const admissions = new Admissions();
    let passes = 0;
    for (let second = 0; second < 3600; second += 3) {
      for (const alert of (await admissions.admit(eventOf({}, admissions.now))).passing) {
        passes += 1;
        await recordOutcome(admissions.store, { alert, ...pass }, admissions.now);
      }
      admissions.later(3 / 60);
    }
    expect(passes).toBe(1);
    expect(await admissions.statuses()).toMatchObject([{ count: 1200 }]);
  });
});

test('the related incidents of an alert are those of its subject first, then of its namespace, within the hour', async () => {
  const admissions = new Admissions();
  const elsewhere = { namespace: 'bank', pod: 'ledger', podUid: 'uid-ledger', container: null, image: null };
  await admissions.admit(eventOf({ rule: 'Long ago' }, admissions.now));
  admissions.later(61);
  await admissions.admit(
    eventOf({ target: elsewhere, subject: { kind: 'Pod', namespace: 'bank', name: 'ledger' } }, admissions.now),
  );
  await admissions.admit(eventOf({ rule: 'Escape' }, admissions.now));
  admissions.later(1);
  await admissions.admit(eventOf({ rule: 'Shell', pod: 'b' }, admissions.now));
  const { passing } = await admissions.admit(eventOf({ rule: 'Contact' }, admissions.now));
  expect(passing[0]?.related).toMatchObject([
    { rule: 'Escape', sameSubject: true, subject: 'Pod shop/a', state: 'Open', count: 1 },
    { rule: 'Shell', sameSubject: false, subject: 'Pod shop/b' },
  ]);
});

describe('an alert that started the workflow without an incident, because none could be kept', () => {
  const outcome = { decision: decided('quarantine_pod'), response: acted('quarantine_pod') };

  test('gets it once it is decided, so that its next event is a repeat', async () => {
    const admissions = new Admissions();
    const alert = eventOf();
    expect(await openAfterwards(admissions.store, { alert, ...outcome }, admissions.now)).toMatchObject({
      state: 'Contained',
      incident: alert.id,
    });
    expect((await admissions.admit(eventOf())).passing).toEqual([]);
    expect(await admissions.statuses()).toMatchObject([{ state: 'Contained', count: 2 }]);
  });

  test('is counted in the incident that another event opened since, with its pod', async () => {
    const admissions = new Admissions({}, { about: () => Promise.resolve(DEPLOYMENT) });
    await admissions.admit(eventOf({ pod: 'a' }));
    expect(
      await openAfterwards(admissions.store, { alert: eventOf({ pod: 'b' }), ...outcome }, admissions.now),
    ).toBeNull();
    expect(await admissions.statuses()).toMatchObject([{ state: 'Open', count: 2, pods: ['uid-a', 'uid-b'] }]);
  });

  test('opens none in a storm, whose bounds it would pass by', async () => {
    const admissions = new Admissions({ activePerNamespace: 1 });
    await admissions.admit(eventOf({ pod: 'a' }));
    expect(
      await openAfterwards(admissions.store, { alert: eventOf({ pod: 'b' }), ...outcome }, admissions.now),
    ).toBeNull();
    expect(await admissions.statuses()).toHaveLength(1);
  });

  test.each<[string, object]>([
    ['a report', { trust: 'report' }],
    ['our own alert', { source: 'review' }],
  ])('opens none for %s', async (_what, change) => {
    const admissions = new Admissions();
    expect(await openAfterwards(admissions.store, { alert: eventOf(change), ...outcome }, admissions.now)).toBeNull();
    expect(await admissions.statuses()).toEqual([]);
  });
});
