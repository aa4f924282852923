import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rename, rm, writeFile, appendFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';

import { actIn, repeatedActs } from '../../bench/chaos/acts';
import { bodyOf, planAlerts } from '../../bench/chaos/alerts';
import { AuditTail } from '../../bench/chaos/auditTail';
import { incidentsIn } from '../../bench/chaos/counters';
import type { Decided } from '../../bench/chaos/decisions';
import { streamOf } from '../../bench/chaos/falcoOutput';
import { readOptions } from '../../bench/chaos/options';
import { type Findings, verdict } from '../../bench/chaos/report';
import { schedule } from '../../bench/chaos/schedule';
import { seeded } from '../../bench/chaos/seeded';
import { aroundFaults, outcomesOf, type SentAlert, tallyOf } from '../../bench/chaos/tally';
import { readFalcoLine } from '../../core/alert/falcoLine';
import { missedAlert } from '../../core/alert/missedAlert';
import { normaliseAlerts } from '../../core/alert/normalise';
import { playbook } from '../../core/policy/playbook';

const UID = '3f9c1d0b-7a52-4c11-9f0a-0d5a4b0a9c11';

const PARTS = [
  { name: 'worker', processes: ['n8n-worker-1', 'n8n-worker-2'] },
  { name: 'Redis', processes: ['redis'] },
  { name: 'Loki', processes: ['loki'] },
];

const entry = (change: object = {}): string =>
  JSON.stringify({
    kind: 'Event',
    user: { username: 'system:serviceaccount:n8n:n8n-responder' },
    verb: 'patch',
    requestURI: '/api/v1/namespaces/a/pods/p?fieldManager=x',
    objectRef: { resource: 'pods', namespace: 'a', name: 'p' },
    responseStatus: { code: 200 },
    ...change,
  });

const sent = (pod: string, change: Partial<SentAlert> = {}): SentAlert => ({
  kind: 'pod-delete-test',
  expected: 'delete_pod',
  namespace: 'a',
  pod,
  podUid: `uid of ${pod}`,
  at: 1_000,
  accepted: true,
  answer: '202',
  incident: `incident of ${pod}`,
  ...change,
});

const decided = (pod: string, at = 2_000): Decided => ({
  incident: `incident of ${pod}`,
  podUid: `uid of ${pod}`,
  decision: 'delete_pod',
  at,
});

describe('chaos options', () => {
  test.each(['--alerts=0', '--alerts=5000', '--rate=x', '--seed=-1', '--fault-seconds=NaN'])(
    '%s is refused',
    (option) => {
      expect(() => readOptions([option])).toThrow(/is a number above 0, at most/);
    },
  );

  test('an unknown option is refused', () => {
    expect(() => readOptions(['--kill'])).toThrow(/Unknown option/);
  });

  test('--keep is refused for both profiles, since the second needs the place of the first', () => {
    expect(() => readOptions(['--keep'])).toThrow(/--keep needs one profile/);
    expect(readOptions(['--keep', '--scaled']).keep).toBe(true);
  });

  test('--faults names how parts fail; without it they are killed or refuse writes', () => {
    expect(readOptions([]).faults).toEqual(['kill', 'refuse']);
    expect(readOptions(['--faults', 'clock']).faults).toEqual(['clock']);
    expect(readOptions(['--faults', 'clock,kill']).faults).toEqual(['kill', 'clock']);
    for (const wrong of ['', 'freeze', 'kill,', 'clock,clocks'])
      expect(() => readOptions([`--faults=${wrong}`])).toThrow(/--faults is one or more of kill, refuse, clock/);
  });

  test('--seed is kept, and both profiles run unless one is named', () => {
    expect(readOptions(['--seed', '7'])).toMatchObject({ seed: 7, profiles: ['scaled', 'single'], alerts: 2000 });
    expect(readOptions(['--single']).profiles).toEqual(['single']);
  });
});

describe('chaos schedule', () => {
  test('a seed repeats it, another seed has another', () => {
    const of = (seed: number) => schedule(seeded(seed), PARTS, 600_000, 5_000);
    expect(of(1)).toEqual(of(1));
    expect(of(1)).not.toEqual(of(2));
  });

  test('every part comes once before one comes again, within the duration and with pauses within the bounds', () => {
    const faults = schedule(seeded(3), PARTS, 300_000, 5_000);
    expect(faults.length).toBeGreaterThan(30);
    for (let first = 0; first + PARTS.length <= faults.length; first += PARTS.length)
      expect(new Set(faults.slice(first, first + PARTS.length).map(({ part }) => part)).size).toBe(PARTS.length);
    const moments = [0, ...faults.map(({ atMs }) => atMs)];
    for (const [index, atMs] of moments.slice(1).entries()) {
      const gap = atMs - (moments[index] ?? 0);
      expect(gap).toBeGreaterThanOrEqual(2_500);
      expect(gap).toBeLessThanOrEqual(7_500);
    }
    expect(moments.at(-1)).toBeLessThan(300_000);
    expect(new Set(faults.map(({ process }) => process))).toEqual(
      new Set(['n8n-worker-1', 'n8n-worker-2', 'redis', 'loki']),
    );
  });

  test('a part that refuses is not planned to be killed', () => {
    const disturbance = { begin: () => Promise.resolve(), end: () => Promise.resolve(), holdMs: 1 };
    const [fault] = schedule(seeded(3), [{ name: 'Redis, full', processes: ['redis'], disturbance }], 60_000, 5_000);
    expect(fault).toMatchObject({ part: 'Redis, full', process: 'redis', disturbance });
  });
});

describe('a clock that jumps', () => {
  /** A process with the preloaded clock, which prints its answer to each line that it reads. */
  const PROBE = `Date.now = Date.now; process.stdin.on('data', () => console.log(JSON.stringify({
    now: Date.now(), made: new Date().getTime(), called: Date.parse(Date()), given: new Date(7).getTime(),
    isDate: [new Date() instanceof Date, new Date().constructor === Date, Date.UTC(1970, 0, 1) === 0],
    monotonic: performance.timeOrigin + performance.now() })))`;

  test('is off by what the file says, also later, and leaves given times and the monotonic clock alone', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'clock-'));
    const file = join(folder, 'n8n');
    const preload = join(__dirname, '../../bench/chaos/clock/preload.ts');
    const child = spawn(process.execPath, ['--import', preload, '--eval', PROBE], {
      env: { CHAOS_CLOCK_FILE: file },
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    const answers = createInterface(child.stdout)[Symbol.asyncIterator]();
    const ask = async () => {
      child.stdin.write('?');
      return JSON.parse(String((await answers.next()).value)) as Record<string, number> & { isDate: boolean[] };
    };
    try {
      for (const off of [0, 3_600_000, -3_600_000, 0]) {
        if (off !== 0 || existsSync(file)) await writeFile(file, String(off));
        await pause(300);
        const { now = NaN, made = NaN, called = NaN, given, isDate, monotonic = NaN } = await ask();
        for (const time of [now, made, called]) expect(Math.abs(time - Date.now() - off)).toBeLessThan(5_000);
        expect(Math.abs(monotonic - Date.now())).toBeLessThan(5_000);
        expect([given, isDate]).toEqual([7, [true, true, true]]);
      }
    } finally {
      child.kill('SIGKILL');
      await rm(folder, { recursive: true });
    }
  });
});

describe('chaos alerts', () => {
  test('each has a pod of its own, and the playbook decides about each kind as the plan says', async () => {
    const planned = planAlerts(seeded(1), 200, ['a', 'b']);
    expect(new Set(planned.map(({ namespace, pod }) => `${namespace}/${pod}`)).size).toBe(200);
    expect(new Set(planned.map(({ expected }) => expected)).size).toBe(4);
    for (const alert of planned.slice(0, 40)) {
      const body: unknown = JSON.parse(await bodyOf(alert, UID));
      const [normalised] = normaliseAlerts(body, new Date(), 'falcosidekick').alerts;
      expect(normalised?.target).toMatchObject({ namespace: alert.namespace, pod: alert.pod, podUid: UID });
      expect(normalised && playbook(normalised).decision).toBe(alert.expected);
    }
  });

  test("Falco's own line in Loki says which event it is, and not what ran", async () => {
    const [alert] = planAlerts(seeded(1), 1, ['a']);
    if (alert === undefined) throw new Error('there is no alert');
    const body = await bodyOf(alert, UID);
    const { stream, values } = streamOf(body, 'falco');
    expect(stream.job).toBe('falco');
    expect(JSON.stringify(values)).not.toContain('cmdline');
    const [[time, line, metadata]] = values as [[string, string, Record<string, string>]];
    const found = readFalcoLine({ time, line, labels: { ...stream, ...metadata } }, 'debug');
    const [posted] = normaliseAlerts(JSON.parse(body), new Date(), 'falcosidekick').alerts;
    expect(missedAlert(found, new Date(), false)).toMatchObject({ id: posted?.id, target: { pod: alert.pod } });
  });
});

describe('chaos acts', () => {
  test.each([
    ['another user', { user: { username: 'admin' } }],
    ['a refusal', { responseStatus: { code: 409 } }],
    ['another object', { objectRef: { resource: 'events', namespace: 'a', name: 'p' } }],
    ['a subresource', { objectRef: { resource: 'pods', subresource: 'status', namespace: 'a', name: 'p' } }],
    ['a reading', { verb: 'get' }],
    ['a dry run', { requestURI: '/api/v1/namespaces/a/pods/p?dryRun=All' }],
  ])('%s is no act', (_what, change) => {
    expect(actIn(entry(change))).toBeNull();
  });

  test('a line that the kill of the API server cut off is no act', () => {
    expect(actIn(entry().slice(0, -20))).toBeNull();
  });

  test('isolating and deleting a pod is not twice the same, isolating it again is', () => {
    const acts = [entry(), entry({ verb: 'delete' })].map(actIn).filter((act) => act !== null);
    expect(repeatedActs(acts)).toEqual([]);
    expect(repeatedActs([...acts, { pod: 'a/p', what: 'isolated' }])).toEqual([
      { pod: 'a/p', what: 'isolated', times: 2 },
    ]);
  });

  test('the audit log is read from its end, over a line in two parts and over a rotation', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'audit-'));
    const path = join(folder, 'audit.log');
    await writeFile(path, `${entry({ objectRef: { resource: 'pods', namespace: 'a', name: 'before' } })}\n`);
    const tail = await AuditTail.start(path);
    try {
      const line = (name: string): string => `${entry({ objectRef: { resource: 'pods', namespace: 'a', name } })}\n`;
      await appendFile(path, line('one') + line('two').slice(0, 50));
      await tail.read();
      await appendFile(path, line('two').slice(50));
      await rename(path, join(folder, 'audit-2026.log'));
      await writeFile(path, line('three'));
      await Promise.all([tail.read(), tail.read()]);
      expect(tail.acts.map(({ pod }) => pod)).toEqual(['a/one', 'a/two', 'a/three']);
    } finally {
      await tail.close();
      await rm(folder, { recursive: true });
    }
  });
});

describe('chaos tally', () => {
  test('what was not accepted is lost unless it was decided, and a pass is no second one of another pod', () => {
    const outcomes = outcomesOf(
      [
        sent('lost', { accepted: false, answer: '503', incident: null }),
        sent('unanswered', { accepted: false, answer: 'ECONNRESET', incident: null }),
        sent('undecided'),
        sent('once'),
        sent('twice'),
      ],
      [decided('unanswered'), decided('once'), decided('twice'), decided('twice', 3_000)],
      [
        { pod: 'a/once', what: 'deleted' },
        { pod: 'a/unanswered', what: 'isolated' },
      ],
      undefined,
    );
    expect(tallyOf(outcomes)).toEqual({
      sent: 5,
      accepted: 3,
      decided: 3,
      twice: 1,
      late: 0,
      lost: 2,
      lostAccepted: 1,
      notActedOn: 1,
    });
  });

  test('late is what only reconciliation decided', () => {
    const outcomes = outcomesOf(
      [sent('early'), sent('late'), sent('both')],
      [decided('early', 2_000), decided('late', 9_000), decided('both', 2_000), decided('both', 9_000)],
      [],
      5_000,
    );
    expect(tallyOf(outcomes)).toMatchObject({ decided: 3, twice: 1, late: 1, lost: 0 });
  });

  test('an alert belongs to the fault that came up to two seconds after it, and to the last of several', () => {
    const faults = [{ at: 10_000 }, { at: 20_000 }];
    const outcomes = outcomesOf(
      [7_999, 8_000, 17_999, 18_000].map((at) => sent(`at ${at}`, { at })),
      [],
      [],
      undefined,
    );
    expect(aroundFaults(outcomes, faults).map((group) => group.outcomes.map(({ alert }) => alert.at))).toEqual([
      [7_999],
      [8_000, 17_999],
      [18_000],
    ]);
  });

  test('incidents are summed over groups and classifications', () => {
    expect(
      incidentsIn(
        [
          '# TYPE incident_pipeline_incident_total counter',
          'incident_pipeline_incident_total{classification="true_positive",store="a"} 2',
          'incident_pipeline_incident_total{classification="needs_review",store="b"} 3e+00',
          'incident_pipeline_incident_events_count{store="b"} 9',
        ].join('\n'),
      ),
    ).toBe(5);
  });
});

describe('chaos verdict', () => {
  const findings = (change: Partial<Findings>): Findings => ({
    profile: 'single',
    outcomes: outcomesOf([sent('p')], [decided('p')], [], undefined),
    faults: [],
    acts: [],
    counted: 1,
    incidents: 1,
    waiting: 0,
    failures: 0,
    ...change,
  });

  test('nothing speaks against a run in which each alert was decided and counted once', () => {
    expect(verdict(findings({}))).toEqual([]);
  });

  test.each<[string, Partial<Findings>]>([
    ['1 alerts were lost', { outcomes: outcomesOf([sent('p')], [], [], undefined), counted: 0, incidents: 0 }],
    ['1 pods were acted on twice', { acts: [1, 2].map(() => ({ pod: 'a/p', what: 'isolated' })) }],
    ['0 incidents were counted, 1 decided', { counted: 0 }],
    ['3 log lines still wait for Loki', { waiting: 3 }],
  ])('%s', (problem, change) => {
    expect(verdict(findings(change))).toEqual([problem]);
  });
});
