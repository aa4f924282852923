import fc from 'fast-check';

import { markLost } from '../../app/incidents/markLost';
import { isMoreSevere, type Priority } from '../../core/incident/priority';
import { DEFAULT_INCIDENT_BOUNDS } from '../../core/incident/responsePolicy';
import { PipelineError } from '../../core/errors';
import { normaliseAlerts } from '../../core/alert/normalise';
import { RECEIVED_AT } from '../support/alerts';
import { Admissions, eventOf, newStore } from '../support/incidents';
import { report } from '../support/reports';

const workload = () => Promise.resolve({ kind: 'Deployment', namespace: 'shop', name: 'checkout' });

describe('admit: a repeat', () => {
  test('starts nothing, and is counted in its incident', async () => {
    const admissions = new Admissions();
    const first = await admissions.admit(eventOf());
    for (let repeat = 0; repeat < 99; repeat += 1)
      expect(await admissions.admit(eventOf())).toEqual({ incident: first.incident, passing: [], isAlike: true });
    expect(first.passing).toHaveLength(1);
    expect(await admissions.statuses()).toMatchObject([{ count: 100, passed: 1, incident: first.incident }]);
  });

  test('writes nothing on its own; what was counted is written down together', async () => {
    const store = newStore();
    const update = jest.fn(store.update);
    const admissions = new Admissions({}, { store: { ...store, update } });
    for (let event = 0; event < 1000; event += 1) await admissions.admit(eventOf());
    expect(update).not.toHaveBeenCalled();
    await admissions.ports.repeats.flush();
    expect(update).toHaveBeenCalledTimes(1);
    expect((await store.all())[0]?.status).toMatchObject({ count: 1000 });
  });

  test('leaves a bounded sample of what differed', async () => {
    const admissions = new Admissions();
    for (let event = 0; event < 500; event += 1)
      await admissions.admit(
        eventOf({ fields: { 'proc.cmdline': `cat /etc/shadow ${event}`, 'fd.name': '/etc/shadow' } }),
      );
    const [status] = await admissions.statuses();
    expect(JSON.stringify(status?.samples)).toContain('cat /etc/shadow 3');
    expect(JSON.stringify(status).length).toBeLessThan(4000);
  });

  test('counts for all that the gate answered before it, also when it is no repeat any more', async () => {
    const admissions = new Admissions();
    await admissions.admit(eventOf());
    await admissions.admit(eventOf(), 9);
    expect(await admissions.statuses()).toMatchObject([{ count: 11, passed: 1 }]);
    const { passing } = await admissions.admit(eventOf({ priority: 'critical' }), 9);
    expect(passing).toHaveLength(1);
    expect(await admissions.statuses()).toMatchObject([{ count: 21, passed: 2 }]);
  });

  test('is no repeat for two workers that get the first two events at once: one of them opens the incident', async () => {
    const store = newStore();
    const [one, other] = [new Admissions({}, { store }), new Admissions({}, { store })];
    const admitted = await Promise.all(
      Array.from({ length: 20 }, (_, event) => (event % 2 === 0 ? one : other).admit(eventOf())),
    );
    expect(admitted.filter(({ passing }) => passing.length > 0)).toHaveLength(1);
    expect(new Set(admitted.map(({ incident }) => incident)).size).toBe(1);
    expect(await store.all()).toHaveLength(1);
  });
});

describe("admit: PagerDuty's incidents", () => {
  const webhook = (name: string, change: object = {}, id = 'an-event') => {
    const body = report(name) as { event: { data: object } };
    const event = { ...body.event, id, data: { ...body.event.data, ...change } };
    const [alert] = normaliseAlerts({ event }, RECEIVED_AT, 'pagerDuty').alerts;
    if (alert === undefined) throw new Error(`${name} is no alert`);
    return alert;
  };

  test('two of one service at once are two', async () => {
    const admissions = new Admissions();
    const first = await admissions.admit(webhook('pagerduty-triggered', { id: 'PONE' }));
    const other = await admissions.admit(webhook('pagerduty-triggered', { id: 'POTHER' }));
    expect([first.passing, other.passing]).toMatchObject([
      [{ incident: { why: 'opened' } }],
      [{ incident: { why: 'opened' } }],
    ]);
    expect(first.incident).not.toBe(other.incident);
    expect(await admissions.statuses()).toHaveLength(2);
  });

  test('a second webhook about one of them is a repeat', async () => {
    const admissions = new Admissions();
    const { incident } = await admissions.admit(webhook('pagerduty-triggered', {}, 'one'));
    expect(await admissions.admit(webhook('pagerduty-triggered', {}, 'other'))).toMatchObject({
      incident,
      passing: [],
    });
  });

  test.each([
    ['after the news that it was resolved', ['pagerduty-resolved', 'pagerduty-reopened']],
    ['before the news that it was resolved', ['pagerduty-reopened', 'pagerduty-resolved']],
  ])('one that is opened again passes %s', async (_what, names) => {
    const admissions = new Admissions();
    await admissions.admit(webhook('pagerduty-triggered', { id: 'PONE' }));
    const whys = [];
    for (const name of names) {
      const alert = webhook(name, { id: 'PONE' }, name);
      whys.push([alert.status, (await admissions.admit(alert)).passing.map(({ incident }) => incident?.why)]);
      expect((await admissions.admit(alert)).passing).toEqual([]);
    }
    expect(Object.fromEntries(whys)).toEqual({ firing: ['reopened'], resolved: ['resolved'] });
  });
});

describe('admit: what is new gets through', () => {
  test.each([
    ['another rule', eventOf({ rule: 'Another rule' }), 'opened'],
    ['another pod', eventOf({ pod: 'b' }), 'opened'],
    [
      'a pod that was made again under its name',
      eventOf({ target: { namespace: 'shop', pod: 'a', podUid: 'new', container: null, image: null } }),
      'opened',
    ],
    ['another source', eventOf({ source: 'alertmanager' }), 'opened'],
    ['a self-test', eventOf({ synthetic: true }), 'opened'],
    ['a higher priority', eventOf({ priority: 'critical' }), 'raised'],
    ['an unknown priority', eventOf({ priority: 'unknown' }), 'raised'],
    ['that its source resolved it', eventOf({ status: 'resolved' }), 'resolved'],
  ])('%s', async (_name, event, why) => {
    const admissions = new Admissions();
    await admissions.admit(eventOf());
    const { passing } = await admissions.admit(event);
    expect(passing).toMatchObject([{ incident: { why } }]);
    expect((await admissions.admit({ ...event, id: 'again' })).passing).toEqual([]);
  });

  test('another pod of the workload, under the incident of the first', async () => {
    const admissions = new Admissions({}, { about: workload });
    const { incident } = await admissions.admit(eventOf({ pod: 'a' }));
    const { passing } = await admissions.admit(eventOf({ pod: 'b' }));
    expect(passing).toMatchObject([{ id: incident, target: { pod: 'b' }, incident: { why: 'joined', pass: 2 } }]);
    expect((await admissions.admit(eventOf({ pod: 'b' }))).passing).toEqual([]);
  });

  test('an event after the incident was settled opens it again, under the id of that event', async () => {
    const admissions = new Admissions();
    await admissions.admit(eventOf());
    await admissions.admit(eventOf());
    await admissions.settle();
    const event = eventOf();
    const { incident, passing } = await admissions.admit(event);
    expect(incident).toBe(event.id);
    expect(passing).toMatchObject([{ incident: { why: 'reopened', pass: 1, count: 1 } }]);
    expect(await admissions.statuses()).toMatchObject([{ opening: 2, state: 'Open' }]);
  });

  test('the very event that was settled is not another one when its source sends it again', async () => {
    const admissions = new Admissions();
    const event = eventOf();
    await admissions.admit(event);
    await admissions.settle();
    expect((await admissions.admit(event)).passing).toEqual([]);
  });

  test('the very event that was settled, now with a higher priority', async () => {
    const admissions = new Admissions();
    const event = eventOf({ source: 'alertmanager', trust: 'report' });
    await admissions.admit(event);
    await admissions.settle();
    const { passing } = await admissions.admit({ ...event, priority: 'critical' });
    expect(passing).toMatchObject([{ id: event.id, incident: { why: 'raised' } }]);
    expect(await admissions.statuses()).toMatchObject([{ state: 'Open', priority: 'critical', opening: 1 }]);
  });

  test('a higher priority of an incident that was settled, also when its passes are used up', async () => {
    const admissions = new Admissions({ passesPerPodHour: 1 });
    await admissions.admit(eventOf());
    await admissions.settle();
    expect((await admissions.admit(eventOf())).passing).toEqual([]);
    expect((await admissions.admit(eventOf({ priority: 'critical' }))).passing).toMatchObject([
      { incident: { why: 'raised' } },
    ]);
    await admissions.settle();
    expect((await admissions.admit(eventOf({ priority: 'critical' }))).passing).toEqual([]);
  });

  test('an event whose incident has no outcome after ten minutes: its analysis was lost', async () => {
    const admissions = new Admissions();
    await admissions.admit(eventOf());
    admissions.later(9);
    expect((await admissions.admit(eventOf())).passing).toEqual([]);
    admissions.later(2);
    expect((await admissions.admit(eventOf())).passing).toMatchObject([{ incident: { why: 'retried', repeats: 1 } }]);
  });
});

describe('admit: bounds', () => {
  /** One pod whose incident is settled after each event, as a model that ignores it would. */
  async function ignoredLoop(admissions: Admissions, events: number) {
    const passing = [];
    for (let event = 0; event < events; event += 1) {
      passing.push(...(await admissions.admit(eventOf())).passing);
      await admissions.settle();
      admissions.later(59 / events);
    }
    return passing.map(({ incident }) => incident);
  }

  test('a pod starts the workflow a few times an hour, and the last time says so', async () => {
    const { passesPerPodHour, modelPassesPerHour, notificationsPerHour } = DEFAULT_INCIDENT_BOUNDS;
    const passes = await ignoredLoop(new Admissions(), 200);
    expect(passes).toHaveLength(passesPerPodHour);
    expect(passes.filter((pass) => pass?.model === true)).toHaveLength(modelPassesPerHour);
    expect(passes.filter((pass) => pass?.notify === true)).toHaveLength(notificationsPerHour);
    expect(passes.map((pass) => pass?.bound !== null)).toEqual([
      ...Array<boolean>(passesPerPodHour - 1).fill(false),
      true,
    ]);
  });

  test('an hour later it starts the workflow again', async () => {
    const admissions = new Admissions();
    await ignoredLoop(admissions, 20);
    admissions.later(61);
    expect((await admissions.admit(eventOf())).passing).toHaveLength(1);
  });

  test('one noisy pod leaves another pod of its workload its passes', async () => {
    const admissions = new Admissions({}, { about: workload });
    await ignoredLoop(admissions, 50);
    expect((await admissions.admit(eventOf({ pod: 'b' }))).passing).toHaveLength(1);
  });

  test('all incidents together ask models a bounded number of times', async () => {
    const admissions = new Admissions({ modelPassesPerClusterHour: 5, notificationsPerClusterHour: 7 });
    const passing = [];
    for (let pod = 0; pod < 20; pod += 1)
      passing.push(...(await admissions.admit(eventOf({ pod: `pod-${pod}` }))).passing);
    expect(passing).toHaveLength(20);
    expect(passing.filter(({ incident }) => incident?.model === true)).toHaveLength(5);
    expect(passing.filter(({ incident }) => incident?.notify === true)).toHaveLength(7);
    expect([...admissions.spent]).toEqual([
      'modelPassesPerClusterHour of kernel',
      'notificationsPerClusterHour of kernel',
    ]);
  });

  test('a namespace has its floor of them when noise elsewhere has spent what there is', async () => {
    const admissions = new Admissions({
      modelPassesPerClusterHour: 5,
      notificationsPerClusterHour: 5,
      namespaceFloor: 2,
    });
    for (let pod = 0; pod < 20; pod += 1) await admissions.admit(eventOf({ pod: `pod-${pod}` }));
    const passing = [];
    for (let pod = 0; pod < 4; pod += 1) passing.push(...(await admissions.admit(inBank(`ledger-${pod}`))).passing);
    expect(passing.map(({ incident }) => [incident?.model, incident?.notify])).toEqual([
      [true, true],
      [true, true],
      [false, false],
      [false, false],
    ]);
  });

  test('reports use up nothing of what the kernel observed, and a namespace that one names has no floor', async () => {
    const admissions = new Admissions({ modelPassesPerClusterHour: 5, notificationsPerClusterHour: 5 });
    const reported = [];
    for (let pod = 0; pod < 20; pod += 1) {
      const event = inBank(`ledger-${pod}`, `invented-${pod}`);
      reported.push(...(await admissions.admit({ ...event, source: 'alertmanager', trust: 'report' })).passing);
    }
    expect(reported.filter(({ incident }) => incident?.notify === true)).toHaveLength(5);
    expect((await admissions.admit(eventOf())).passing).toMatchObject([{ incident: { model: true, notify: true } }]);
    expect([...admissions.spent]).toEqual([
      'modelPassesPerClusterHour of report',
      'notificationsPerClusterHour of report',
    ]);
  });

  test('a namespace that a request to the API server invents has no floor, and uses up none of a real one', async () => {
    const admissions = new Admissions({ modelPassesPerClusterHour: 5, notificationsPerClusterHour: 5 });
    const passing = [];
    for (let request = 0; request < 20; request += 1)
      passing.push(...(await admissions.admit(audited('x', `invented-${request}`))).passing);
    for (let request = 0; request < 20; request += 1)
      passing.push(...(await admissions.admit(audited(`x-${request}`, 'bank'))).passing);
    expect(passing.filter(({ incident }) => incident?.model === true)).toHaveLength(5);
    expect(passing.filter(({ incident }) => incident?.notify === true)).toHaveLength(5);
    expect((await admissions.admit(inBank('ledger'))).passing).toMatchObject([
      { incident: { model: true, notify: true } },
    ]);
  });

  test('that an incident is over costs it nothing and is never its last pass', async () => {
    const admissions = new Admissions({ passesPerPodHour: 2 });
    const passing = [];
    for (let round = 0; round < 3; round += 1) {
      passing.push(...(await admissions.admit(eventOf({ source: 'pagerduty', trust: 'report' }))).passing);
      const end = eventOf({ source: 'pagerduty', trust: 'report', status: 'resolved' });
      passing.push(...(await admissions.admit(end)).passing);
    }
    expect(passing.map(({ incident }) => [incident?.why, incident?.notify, incident?.bound === null])).toEqual([
      ['opened', true, true],
      ['resolved', false, true],
      ['reopened', true, false],
      ['resolved', false, true],
    ]);
  });

  test('the end of what nobody knew counts as its beginning', async () => {
    const admissions = new Admissions({ activePerNamespace: 3 });
    const passing = [];
    for (let pod = 0; pod < 50; pod += 1) {
      const end = eventOf({ pod: `pod-${pod}`, source: 'alertmanager', trust: 'report', status: 'resolved' });
      passing.push(...(await admissions.admit(end)).passing);
    }
    expect(passing.length).toBeLessThanOrEqual(4);
  });
});

/** An event about a pod of another namespace. */
function inBank(pod: string, namespace = 'bank') {
  const target = { namespace, pod, podUid: `uid-${pod}`, container: null, image: null };
  return eventOf({ target, subject: { kind: 'Pod', namespace, name: pod } });
}

/** What Falco reads in the API server's audit log of a request for a Secret; there may be no such namespace. */
function audited(name: string, namespace: string) {
  return eventOf({ target: null, subject: { kind: 'Secret', namespace, name } });
}

describe('admit: a storm', () => {
  const storming = async (acts = false) => {
    const admissions = new Admissions({ activePerNamespace: 3 }, { acts: () => acts });
    for (let pod = 0; pod < 3; pod += 1) await admissions.admit(eventOf({ pod: `pod-${pod}` }));
    return admissions;
  };

  test('is one incident of its namespace, about which a person hears once', async () => {
    const admissions = await storming();
    const { passing } = await admissions.admit(eventOf({ pod: 'pod-4' }));
    expect(passing).toMatchObject([
      { rule: 'Alert storm', target: null, subject: { kind: 'Namespace', name: 'shop' }, incident: { why: 'storm' } },
    ]);
    for (let pod = 5; pod < 1000; pod += 1)
      expect((await admissions.admit(eventOf({ pod: `pod-${pod}` }))).passing).toEqual([]);
    expect(await admissions.store.all()).toHaveLength(4);
  });

  test('counts its events by rule and subject, in bounded room', async () => {
    const admissions = await storming();
    for (let event = 0; event < 100; event += 1) await admissions.admit(eventOf({ pod: `pod-${5 + (event % 2)}` }));
    for (let pod = 10; pod < 1000; pod += 1) await admissions.admit(eventOf({ pod: `pod-${pod}` }));
    const storm = (await admissions.statuses()).find(({ tallies }) => tallies !== undefined);
    expect(storm?.count).toBe(100 + 990);
    expect(storm?.tallies?.slice(0, 2)).toEqual([
      { rule: 'A rule', subject: 'Pod shop/pod-5', count: 50 },
      { rule: 'A rule', subject: 'Pod shop/pod-6', count: 50 },
    ]);
    expect(storm?.tallies).toHaveLength(20);
  });

  test('lets through what the playbook acts on, once for each pod, without a model and without a notification', async () => {
    const admissions = await storming(true);
    const first = await admissions.admit(eventOf({ pod: 'pod-4' }));
    expect(first.passing).toMatchObject([{ rule: 'Alert storm' }, { rule: 'A rule', target: { pod: 'pod-4' } }]);
    const event = eventOf({ pod: 'pod-5' });
    const { passing } = await admissions.admit(event);
    expect(passing).toMatchObject([{ id: event.id, incident: { why: 'acts', model: false, notify: false } }]);
    expect((await admissions.admit(eventOf({ pod: 'pod-5' }))).passing).toEqual([]);
  });

  test('tells a person with the last pod of the hour that no more is isolated', async () => {
    const admissions = new Admissions({ activePerNamespace: 3, passesPerHour: 4 }, { acts: () => true });
    for (let pod = 0; pod < 3; pod += 1) await admissions.admit(eventOf({ pod: `pod-${pod}` }));
    const passing = [];
    for (let pod = 4; pod < 20; pod += 1)
      passing.push(...(await admissions.admit(eventOf({ pod: `pod-${pod}` }))).passing);
    expect(passing.map(({ rule, target, incident }) => [rule, target?.pod, incident?.notify])).toEqual([
      ['Alert storm', undefined, true],
      ['A rule', 'pod-4', false],
      ['A rule', 'pod-5', false],
      ['Alert storm', undefined, true],
      ['A rule', 'pod-6', false],
    ]);
    expect(passing[3]).toMatchObject({
      id: passing[0]?.id,
      output: expect.stringContaining('further pods are not isolated') as string,
    });
  });

  test('of the cluster leaves each namespace its passes', async () => {
    const admissions = new Admissions({ activePerCluster: 3, passesPerHour: 4 }, { acts: () => true });
    for (let pod = 0; pod < 3; pod += 1) await admissions.admit(eventOf({ pod: `pod-${pod}` }));
    for (let pod = 4; pod < 50; pod += 1) await admissions.admit(eventOf({ pod: `pod-${pod}` }));
    const event = inBank('ledger');
    expect((await admissions.admit(event)).passing).toMatchObject([
      {
        rule: 'Alert storm',
        subject: { kind: 'Namespace', name: 'bank' },
        output: expect.stringContaining('The cluster has 3 incidents') as string,
      },
      { id: event.id, incident: { why: 'acts' } },
    ]);
  });

  test('of reports that invent namespaces is one incident', async () => {
    const admissions = new Admissions({ activePerCluster: 3 });
    for (let pod = 0; pod < 50; pod += 1)
      await admissions.admit({ ...inBank('a', `invented-${pod}`), source: 'alertmanager', trust: 'report' });
    expect(await admissions.store.all()).toHaveLength(4);
  });

  test('of requests to the API server that invent namespaces is one incident, and hides nothing that Falco observed in pods', async () => {
    const admissions = new Admissions({ activePerNamespace: 3, activePerCluster: 5 });
    for (let request = 0; request < 50; request += 1) {
      await admissions.admit(audited('x', `invented-${request}`));
      await admissions.admit(audited(`x-${request}`, 'shop'));
    }
    expect(await admissions.store.all()).toHaveLength(5 + 1);
    for (const pod of ['a', 'b', 'c'])
      expect((await admissions.admit(eventOf({ pod }))).passing).toMatchObject([{ incident: { why: 'opened' } }]);
    expect((await admissions.admit(eventOf({ pod: 'd' }))).passing).toMatchObject([
      { rule: 'Alert storm', subject: { kind: 'Namespace', name: 'shop' } },
    ]);
  });

  test('does not reach another namespace', async () => {
    const admissions = await storming();
    await admissions.admit(eventOf({ pod: 'pod-4' }));
    const { passing } = await admissions.admit(inBank('ledger'));
    expect(passing).toMatchObject([{ incident: { why: 'opened' }, target: { pod: 'ledger' } }]);
  });

  test('does not hide a repeat or a higher priority of an incident that was open before', async () => {
    const admissions = await storming();
    await admissions.admit(eventOf({ pod: 'pod-4' }));
    expect((await admissions.admit(eventOf({ pod: 'pod-0', priority: 'critical' }))).passing).toHaveLength(1);
  });

  test('also comes of incidents that are settled at once, such as those of pods that somebody makes one after the other', async () => {
    const admissions = new Admissions({ activePerNamespace: 3 });
    const passed = [];
    for (let pod = 0; pod < 100; pod += 1) {
      passed.push(...(await admissions.admit(eventOf({ pod: `pod-${pod}` }))).passing);
      await admissions.settle();
    }
    expect(passed.length).toBeLessThanOrEqual(3 + DEFAULT_INCIDENT_BOUNDS.passesPerPodHour);
  });

  test('of reports hides nothing that the kernel observed', async () => {
    const admissions = new Admissions({ activePerNamespace: 3, activePerCluster: 3 });
    const reported = (pod: number) => eventOf({ pod: `pod-${pod}`, source: 'alertmanager', trust: 'report' });
    for (let pod = 0; pod < 3; pod += 1) await admissions.admit(reported(pod));
    expect((await admissions.admit(reported(4))).passing).toMatchObject([{ rule: 'Alert storm', trust: 'report' }]);
    expect((await admissions.admit(reported(5))).passing).toEqual([]);
    const observed = ['pod-6', 'pod-7', 'pod-8', 'pod-9'].map((pod) => eventOf({ pod }));
    for (const event of observed.slice(0, 3))
      expect((await admissions.admit(event)).passing).toMatchObject([{ id: event.id, incident: { why: 'opened' } }]);
    expect((await admissions.admit(eventOf({ pod: 'pod-9' }))).passing).toMatchObject([
      { rule: 'Alert storm', trust: 'kernel' },
    ]);
  });

  test('also comes of alerts whose rule has its name', async () => {
    const admissions = new Admissions({ activePerNamespace: 3 });
    const passed = [];
    for (let pod = 0; pod < 50; pod += 1)
      passed.push(...(await admissions.admit(eventOf({ pod: `pod-${pod}`, rule: 'Alert storm' }))).passing);
    expect(passed).toHaveLength(4);
  });

  test('tells a person again if the first time was lost', async () => {
    const admissions = await storming();
    const { passing: told } = await admissions.admit(eventOf({ pod: 'pod-4' }));
    expect((await admissions.admit(eventOf({ pod: 'pod-5' }))).passing).toEqual([]);
    for (const alert of told) await markLost(admissions.store, alert);
    expect((await admissions.admit(eventOf({ pod: 'pod-6' }))).passing).toMatchObject([
      { rule: 'Alert storm', incident: { why: 'retried' } },
    ]);
    expect((await admissions.admit(eventOf({ pod: 'pod-7' }))).passing).toEqual([]);
  });

  test('ends an hour after its incidents', async () => {
    const admissions = await storming();
    await admissions.admit(eventOf({ pod: 'pod-4' }));
    await admissions.settle();
    expect((await admissions.admit(eventOf({ pod: 'pod-5' }))).passing).toMatchObject([{ rule: 'Alert storm' }]);
    await admissions.settle();
    admissions.later(61);
    expect((await admissions.admit(eventOf({ pod: 'pod-5' }))).passing).toMatchObject([
      { incident: { why: 'opened' } },
    ]);
  });
});

describe('admit: bad circumstances', () => {
  test.each([-48, 48])('a clock that jumps by %i hours and back loses no event', async (hours) => {
    const admissions = new Admissions();
    await admissions.admit(eventOf());
    admissions.later(hours * 60);
    await admissions.admit(eventOf({}, admissions.now));
    admissions.later(-hours * 60);
    await admissions.admit(eventOf({ priority: 'critical' }));
    const [status] = await admissions.statuses();
    expect(status).toMatchObject({ count: 3, priority: 'critical' });
  });

  test('an event from yesterday is an event of now', async () => {
    const admissions = new Admissions();
    await admissions.admit(eventOf());
    const { passing } = await admissions.admit(eventOf({ time: '2026-11-26T00:00:00.000Z' }));
    expect(passing).toEqual([]);
    expect(await admissions.statuses()).toMatchObject([{ count: 2, firstSeen: '2026-11-27T10:00:00.000Z' }]);
  });

  test('an incident that was deleted by hand is opened again', async () => {
    const store = newStore();
    let deleted = false;
    const find = (name: string) => (deleted ? Promise.resolve(null) : store.find(name));
    const create: typeof store.create = (name, spec) =>
      deleted ? Promise.resolve({ metadata: { name, resourceVersion: '9' }, spec }) : store.create(name, spec);
    const admissions = new Admissions({}, { store: { ...store, find, peek: find, create } });
    await admissions.admit(eventOf());
    await admissions.admit(eventOf());
    deleted = true;
    expect((await admissions.admit(eventOf())).passing).toMatchObject([{ incident: { why: 'opened' } }]);
    await admissions.ports.repeats.flush();
  });

  test('a store that cannot be read is an error, and what was counted is kept', async () => {
    const store = newStore();
    const broken = new PipelineError('unreachable', 'no answer', { nextStep: 'Wait.' });
    let isBroken = false;
    const update: typeof store.update = (...write) => (isBroken ? Promise.reject(broken) : store.update(...write));
    const admissions = new Admissions({}, { store: { ...store, update } });
    await admissions.admit(eventOf());
    await admissions.admit(eventOf());
    isBroken = true;
    await admissions.ports.repeats.flush();
    await expect(admissions.admit(eventOf({ priority: 'critical' }))).rejects.toBe(broken);
    isBroken = false;
    await admissions.ports.repeats.flush();
    expect((await store.all())[0]?.status).toMatchObject({ count: 2 });
  });
});

/** A few pods and rules, so that interleavings meet. */
const arrival = fc.record({
  pod: fc.constantFrom('a', 'b', 'c'),
  rule: fc.constantFrom('Shell', 'Read'),
  priority: fc.constantFrom<Priority>('debug', 'notice', 'warning', 'critical', 'unknown'),
  minutes: fc.integer({ min: 0, max: 3 }),
  settles: fc.boolean(),
});

describe('admit: in any order of events', () => {
  const run = async (
    arrivals: (typeof arrival extends fc.Arbitrary<infer T> ? T : never)[],
    admissions: Admissions,
  ) => {
    const passed: boolean[] = [];
    for (const { pod, rule, priority, minutes, settles } of arrivals) {
      admissions.later(minutes);
      passed.push((await admissions.admit(eventOf({ pod, rule, priority }, admissions.now))).passing.length > 0);
      if (settles) await settleOne(admissions, pod, rule);
    }
    return passed;
  };
  const settleOne = async ({ store }: Admissions, pod: string, rule: string) => {
    const found = (await store.all()).find(({ spec }) => spec.rule === rule && spec.subject.name === pod);
    if (found !== undefined)
      await store.update(found, { ...(found.status ?? found.spec.opened), state: 'Settled', reason: 'settled' });
  };

  test('every event is counted once', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(arrival, { maxLength: 60 }), async (arrivals) => {
        const unsettled = arrivals.map((one) => ({ ...one, settles: false }));
        const admissions = new Admissions();
        await run(unsettled, admissions);
        const counts = (await admissions.statuses()).map(({ count }) => count);
        expect(counts.reduce((sum, count) => sum + count, 0)).toBe(arrivals.length);
      }),
    );
  });

  test('what happens to a pod depends on its own events alone', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(arrival, { maxLength: 60 }), async (arrivals) => {
        const withNoise = await run(arrivals, new Admissions());
        const quiet = new Admissions();
        // The same moments, without the other pods' events.
        const alone: boolean[] = [];
        for (const one of arrivals) {
          if (one.pod === 'a') alone.push(...(await run([one], quiet)));
          else quiet.later(one.minutes);
        }
        expect(withNoise.filter((_, index) => arrivals[index]?.pod === 'a')).toEqual(alone);
      }),
    );
  });

  test('a first event and a priority that was not there before always get through', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(arrival, { maxLength: 60 }), async (arrivals) => {
        const unsettled = arrivals.map((one) => ({ ...one, settles: false }));
        const passed = await run(unsettled, new Admissions({ passesPerPodHour: 1 }));
        const highest = new Map<string, Priority>();
        unsettled.forEach(({ pod, rule, priority }, index) => {
          const before = highest.get(`${pod}/${rule}`);
          if (before === undefined || isMoreSevere(priority, before)) {
            expect(passed[index]).toBe(true);
            highest.set(`${pod}/${rule}`, priority);
          }
        });
      }),
    );
  });

  test('no incident passes more often than its bound, but for a rising priority', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(arrival, { minLength: 30, maxLength: 120 }), async (arrivals) => {
        const flat = arrivals.map((one) => ({ ...one, priority: 'notice' as const, minutes: 0 }));
        const admissions = new Admissions({ passesPerHour: 3, passesPerPodHour: 2 });
        const passed = await run(flat, admissions);
        for (const pod of ['a', 'b', 'c'])
          for (const rule of ['Shell', 'Read'])
            expect(
              passed.filter((did, index) => did && flat[index]?.pod === pod && flat[index].rule === rule).length,
            ).toBeLessThanOrEqual(2);
      }),
    );
  });
});
