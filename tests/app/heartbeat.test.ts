import { settleQuiet } from '../../app/incidents/settleQuiet';
import { startAgain } from '../../app/incidents/startAgain';
import type { Alert } from '../../core/incident/alert';
import { isHeartbeat } from '../../core/incident/heartbeat';
import { countsOf } from '../../core/telemetry/counts';
import { exposition } from '../../core/telemetry/exposition';
import { measure } from '../../core/telemetry/measure';
import { alertOf, CONFIGURATION, normaliseAlert } from '../support/alerts';
import { Admissions, eventOf } from '../support/incidents';
import { realWorldCase } from '../support/realWorld';

const SNAPSHOT = realWorldCase('falco-metrics-snapshot').input.body as object;

/** A heartbeat of a node, at an admission's time. */
function heartbeatOf(node: string, now: Date): Alert {
  const body = { ...SNAPSHOT, hostname: node, time: now.toISOString() };
  return normaliseAlert(body, now, 'kernel');
}

describe('heartbeats', () => {
  test('of many nodes are one incident, start the workflow once each interval, and cost no model, message or bound', async () => {
    const admissions = new Admissions();
    const passed: Alert[] = [];
    for (let interval = 0; interval < 30; interval += 1) {
      for (let node = 0; node < 50; node += 1)
        passed.push(...(await admissions.admit(heartbeatOf(`node-${node}`, admissions.now))).passing);
      admissions.later(5);
    }
    expect(passed).toHaveLength(30);
    for (const { incident } of passed) expect(incident).toMatchObject({ model: false, notify: false, bound: null });
    expect(await admissions.statuses()).toHaveLength(1);
    expect(admissions.spent).toEqual(new Set());
  });

  test('that follow at once, as only a holder of the secret sends them, do not start the workflow more often', async () => {
    const admissions = new Admissions();
    let passed = 0;
    for (let second = 0; second < 3600; second += 20) {
      passed += (await admissions.admit(heartbeatOf('node-1', admissions.now))).passing.length;
      admissions.later(1 / 3);
    }
    expect(passed).toBe(15);
  });

  test('that was lost with its process is not started again, and the next one starts the workflow', async () => {
    const admissions = new Admissions();
    await admissions.admit(heartbeatOf('node-1', admissions.now));
    admissions.later(5);
    expect((await admissions.admit(heartbeatOf('node-1', admissions.now))).passing).toHaveLength(1);
    admissions.later(60);
    expect(await startAgain(admissions.store, admissions.now)).toEqual({ again: [], givenUp: [] });
  });

  test('come through a storm of other alerts, and are not a storm', async () => {
    const admissions = new Admissions({ activePerCluster: 1 });
    const host = (name: string) => eventOf({ target: null, subject: { kind: 'Host', namespace: null, name } });
    await admissions.admit(host('a'));
    const [storm] = (await admissions.admit(host('b'))).passing;
    expect(storm?.incident?.why).toBe('storm');
    const [heartbeat] = (await admissions.admit(heartbeatOf('node-1', admissions.now))).passing;
    expect(heartbeat?.incident?.why).toBe('opened');
  });

  test('that end are in no series of incidents', async () => {
    const admissions = new Admissions();
    for (const node of ['a', 'b', 'c']) await admissions.admit(heartbeatOf(node, admissions.now));
    await admissions.ports.repeats.flush();
    await admissions.settle();
    admissions.later(120);
    expect((await settleQuiet(admissions.store, CONFIGURATION, admissions.now)).ended).toEqual([]);
    expect(await admissions.statuses()).toMatchObject([{ archived: true }]);
  });
});

describe('the last heartbeat', () => {
  const at = new Date('2026-11-27T10:00:00.000Z');
  const shown = (alert: Alert) => exposition(countsOf(measure({ alert })));

  test('is the time at which it came in, beside the routine messages and in no series of incidents', () => {
    const text = shown(heartbeatOf('node-1', at));
    expect(text).toContain(`incident_pipeline_heartbeat_timestamp_seconds ${at.getTime() / 1000}\n`);
    expect(text).toContain('incident_pipeline_sensor_message_total 1\n');
    expect(text).toContain('incident_pipeline_events_total 0\n');
    expect(text).not.toContain('incident_pipeline_mtta_seconds');
  });

  test.each<[string, Alert]>([
    ['a report', normaliseAlert(SNAPSHOT, at, 'report')],
    ['a late alert', { ...heartbeatOf('a', at), late: { why: 'unfinished', tries: 2, acts: false } }],
    ['an alert about a pod', alertOf('test-shell', { rule: 'Falco internal: metrics snapshot' })],
    ['a rule of another source', { ...heartbeatOf('a', at), fields: { source: 'syscall' } }],
    ["Falcosidekick's test", { ...heartbeatOf('a', at), rule: 'Test rule' }],
  ])('is not %s', (_what, alert) => {
    expect(isHeartbeat(alert)).toBe(false);
    expect(shown(alert)).not.toContain('incident_pipeline_heartbeat_timestamp_seconds');
  });
});
