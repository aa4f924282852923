import type { Alert } from '../../core/incident/alert';
import { decide } from '../../core/policy/decide';
import { DECISIONS } from '../../core/incident/decision';
import { playbook } from '../../core/policy/playbook';
import { isRoutineMessage, sensorMessage } from '../../core/policy/sensorMessage';
import { incidentLine } from '../../core/telemetry/logLine';
import { measure } from '../../core/telemetry/measure';
import { countsOf } from '../../core/telemetry/counts';
import { exposition } from '../../core/telemetry/exposition';
import type { Sample } from '../../core/telemetry/samples';
import { alertOf, contextOf, normaliseAlert, payload, RECEIVED_AT } from '../support/alerts';
import { realWorldCase } from '../support/realWorld';

const run = {
  by: 'playbook' as const,
  fallbackReason: null,
  promptVersion: 'race/1',
  model: null,
  tokens: { input: 0, output: 0 },
  questions: 0,
  durationMs: 0,
};

const decided = (alert: Alert, decision: (typeof DECISIONS)[number] = playbook(alert).decision) =>
  decide({
    proposal: { decision, classification: 'true_positive', confidence: 1, reason: 'As proposed.' },
    alert,
    context: contextOf(alert),
    mode: 'autonomous',
    run,
    now: RECEIVED_AT,
  });

/** As Falcosidekick hands on what Falco says of itself: no pod, source internal. */
const message = (rule: string, priority: string, change: Record<string, unknown> = {}): Alert =>
  normaliseAlert(
    {
      uuid: '7b1f0c8e-5d1c-4b42-9f0a-0d5a4b0a9c11',
      output: rule,
      priority,
      rule,
      time: '2026-11-26T20:00:00.123456789Z',
      source: 'internal',
      hostname: 'worker-7',
      tags: null,
      output_fields: { 'evt.source': 'syscall' },
      ...change,
    },
    RECEIVED_AT,
    'kernel',
  );

describe('what Falco and Falcosidekick say of themselves', () => {
  test('falco-metrics-snapshot', () => {
    const { input } = realWorldCase('falco-metrics-snapshot');
    const record = decided(normaliseAlert(input.body, RECEIVED_AT, 'kernel'));
    expect(record).toMatchObject({ decision: 'ignore', guardrails: [] });
    expect(record.reason).toContain('about no pod');
  });

  test.each([
    ['Falco internal: metrics snapshot', 'Informational', 'ignore'],
    ['Falco internal: capture size limit reached', 'Informational', 'ignore'],
    ['Test rule', 'Debug', 'ignore'],
    ['Falco internal: syscall event drop', 'Debug', 'escalate'],
    ['Falco internal: syscall event drop', 'Critical', 'escalate'],
    ['Falco internal: timeouts notification', 'Debug', 'escalate'],
    ['Falco internal: hot restart failure', 'Critical', 'escalate'],
    ['Falco internal: of a version to come', 'Debug', 'escalate'],
  ])('%s (%s) → %s, whatever is proposed', (rule, priority, decision) => {
    for (const proposed of DECISIONS) {
      const record = decided(message(rule, priority), proposed);
      expect([record.decision, record.guardrails]).toEqual([decision, []]);
      expect(record.reason).not.toBe('As proposed.');
    }
  });

  test.each<[string, Alert]>([
    ['names a pod', alertOf('test-shell', { rule: 'Falco internal: metrics snapshot' })],
    ['is about a pod that is not known', message('A rule', 'Informational')],
    ['comes from another source', { ...message('Test rule', 'Debug'), fields: { source: 'syscall' } }],
    ['only begins like one', message('Falco internally: metrics snapshot', 'Informational')],
    ['is a report', { ...message('Test rule', 'Debug'), source: 'alertmanager' }],
    ['says so in its output', message('A rule', 'Debug', { output: 'Falco internal: metrics snapshot' })],
  ])('an alert that %s is none', (_what, alert) => {
    expect(sensorMessage(alert)).toBeNull();
    expect(isRoutineMessage(alert)).toBe(false);
  });

  test('a shell in a pod whose alert has such a name is decided like any other', () => {
    const alert = normaliseAlert(payload('pod-delete-test', { source: 'internal' }), RECEIVED_AT, 'kernel');
    expect(decided(alert).decision).toBe('delete_pod');
  });

  test('is logged as what it is, and counted in a series of its own, unless a person is told', () => {
    const samples: Sample[] = [];
    for (const rule of ['Falco internal: metrics snapshot', 'Falco internal: syscall event drop']) {
      const alert = message(rule, 'Informational');
      const incident = { alert, decision: decided(alert) };
      expect(incidentLine(incident).metadata.event).toBe(rule.endsWith('drop') ? 'incident' : 'sensor');
      samples.push(...countsOf(measure(incident)));
    }
    const text = exposition(samples);
    expect(text).toContain('incident_pipeline_sensor_message_total 1\n');
    expect(text).toContain('incident_pipeline_events_total 1\n');
  });
});
