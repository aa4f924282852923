import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { parse } from 'yaml';

import { factsOf } from '../../core/alert/facts';
import { FALCO_METADATA, type LokiEntry, readFalcoLine, sameFalcoEvents } from '../../core/alert/falcoLine';
import { missedAlert } from '../../core/alert/missedAlert';
import { incidentName, ownSubject } from '../../core/folding/key';
import { actsByPlaybook } from '../../core/policy/playbook';
import { applyPolicy } from '../../core/policy/policy';
import { contextOf, normaliseAlert, payload, RECEIVED_AT } from '../support/alerts';
import { ROOT } from '../support/manifests';

const TIME = '1764238500123456789';

/** A line as manifests/monitoring/alloy.yaml has it in Loki. */
function line(labels: Record<string, string> = {}, text = 'Netcat Remote Code Execution in Container'): LokiEntry {
  return {
    time: TIME,
    line: text,
    labels: {
      job: 'falco',
      priority: 'Warning',
      rule: text,
      source: 'syscall',
      hostname: 'node-1',
      namespace: 'playground',
      pod: 'web-1',
      pod_uid: '4b5f3d3e-6a4e-4f8e-9a53-111111111111',
      container: 'main',
      ...labels,
    },
  };
}
const json = (change: object = {}) => line({}, JSON.stringify({ ...payload('pod-delete-test'), ...change }));
const read = (entry: LokiEntry) => readFalcoLine(entry, 'debug');

describe('readFalcoLine', () => {
  test.each([
    ['JSON that is cut off', line({ rule: '' }, '{"rule":"a rule","priority":"War')],
    ['JSON that is no object', line({ rule: '' }, '[]')],
    ['a line without a rule', line({ rule: '' })],
    ['a line without a priority', line({ priority: '' })],
    ["a message of Falco's own", line({ source: 'internal', rule: 'Falco internal: syscall event drop' })],
    ['an event of a plugin, which names no pod', line({ source: 'k8s_audit' })],
    ['an event of nothing that can be told apart', line({ hostname: '', pod: '' })],
    ['a rule that is longer than any', line({ rule: 'r'.repeat(513) })],
  ])('reads no event from %s', (_what, entry) => {
    expect(read(entry)).toBeNull();
  });

  test.each([
    ['Warning', 'error', false],
    ['Error', 'error', true],
    ['a new one', 'error', true],
  ] as const)('an event of priority %s is read from %s on: %s', (priority, floor, isRead) => {
    expect(readFalcoLine(line({ priority }), floor) !== null).toBe(isRead);
  });

  test("has the time of Loki's line, and every fact that Alloy keeps", () => {
    expect(read(line())).toEqual({
      rule: 'Netcat Remote Code Execution in Container',
      priority: 'Warning',
      time: '2025-11-27T10:15:00.123456789Z',
      hostname: 'node-1',
      source: 'syscall',
      output: 'Netcat Remote Code Execution in Container',
      output_fields: {
        'k8s.ns.name': 'playground',
        'k8s.pod.name': 'web-1',
        'k8s.pod.uid': '4b5f3d3e-6a4e-4f8e-9a53-111111111111',
        'container.name': 'main',
      },
    });
  });

  test("keeps nothing of Falco's JSON that a process wrote or only Falcosidekick adds", () => {
    const entry = json({ output: 'PASSWORD', uuid: 'an id', tags: ['PASSWORD'] });
    const event = read(entry);
    expect(event).toMatchObject({ output_fields: { 'k8s.ns.name': 'playground' } });
    expect(JSON.stringify(event)).not.toMatch(/PASSWORD|proc\.|uuid|git_repo/);
  });

  test('takes two events for the same only if rule, priority and pod are', () => {
    const same = (labels: Record<string, string>) => {
      const [one, other] = [read(line()), read({ ...line(labels), time: '1764238500999999999' })];
      if (one === null || other === null) throw new Error('no event');
      return sameFalcoEvents(one) === sameFalcoEvents(other);
    };
    expect(same({})).toBe(true);
    for (const [name, value] of Object.entries({ rule: 'x', priority: 'Error', pod: 'x', pod_uid: 'x', hostname: 'x' }))
      expect([name, same({ [name]: value })]).toEqual([name, false]);
  });

  test("Alloy's configuration writes the metadata that is read", () => {
    const values = parse(readFileSync(join(ROOT, 'manifests/monitoring/alloy.yaml'), 'utf8')) as {
      alloy: { configMap: { content: string } };
    };
    const { content } = values.alloy.configMap;
    const metadata = /stage\.structured_metadata \{\s*values = \{([^}]*)\}/.exec(content)?.[1] ?? '';
    for (const name of ['rule', 'source', 'hostname', ...Object.values(FALCO_METADATA)])
      expect(metadata).toMatch(new RegExp(`\\b${name} = ""`));
    for (const [field, name] of Object.entries(FALCO_METADATA))
      expect(content).toMatch(
        new RegExp(`\\b${name}\\s+= "output_fields\\.\\\\"${field.replaceAll('.', '\\.')}\\\\""`),
      );
  });
});

describe('missedAlert', () => {
  const missed = (isAuthenticated = false, event: unknown = read(line())) =>
    missedAlert(event, RECEIVED_AT, isAuthenticated);

  test.each([[null], ['text'], [{}], [{ ...read(line()), time: 'today' }]])('is none for %j', (said) => {
    expect(missed(false, said)).toBeNull();
  });

  test('is late, received now, and has the time of its event', () => {
    expect(missed()).toMatchObject({
      late: { why: 'missed', tries: 1 },
      source: 'falco',
      time: '2025-11-27T10:15:00.123Z',
      receivedAt: RECEIVED_AT.toISOString(),
      target: { namespace: 'playground', pod: 'web-1' },
    });
  });

  test('says to people where it was found', () => {
    const alert = missed();
    if (alert === null) throw new Error('no alert');
    expect(factsOf(alert).at(-1)).toEqual({
      name: 'Reported by',
      value: 'Falco (syscall) on node-1; found in Loki later, it never reached n8n',
    });
  });

  test('is a report by default, on which nobody acts, whatever its rule', () => {
    const alert = missed();
    if (alert === null) throw new Error('no alert');
    expect(alert.trust).toBe('report');
    expect(actsByPlaybook(alert)).toBe(false);
    expect(missed(true)?.trust).toBe('kernel');
    for (const decision of ['delete_pod', 'quarantine_pod'] as const) {
      const usual = { confidence: 1, mode: 'autonomous' as const, approved: false, context: contextOf(alert) };
      const { decision: made, guardrails } = applyPolicy({ ...usual, decision, alert });
      expect([made, guardrails.map(({ guardrail }) => guardrail)]).toEqual([
        'escalate',
        ['source_trust', 'late_alert'],
      ]);
    }
  });

  test("never belongs to the incident of Falco's own alert, so that a forged line makes no repeat of it", () => {
    const alert = missed();
    const real = missed(true);
    if (alert === null || real === null) throw new Error('no alert');
    expect(incidentName(alert, ownSubject(alert))).not.toBe(incidentName(real, ownSubject(real)));
  });

  test("takes from the line's writer no id, no mark of a self-test, and no repository", () => {
    const event = read(line());
    const forged = {
      ...event,
      uuid: '4b5f3d3e-6a4e-4f8e-9a53-222222222222',
      output_fields: { ...event?.output_fields, synthetic: 'true', git_repo: 'https://example.com/evil' },
    };
    expect(missed(true, forged)).toMatchObject({ synthetic: false, infrastructure: {} });
    expect(missed(true, forged)?.id).toBe(missed(true)?.id);
  });

  test.each(['2025-11-27T10:15:00.123456700Z', '2025-11-27T10:15:00.1234567Z'])(
    'has the id of the same event from Falcosidekick, whatever that adds (%s)',
    (time) => {
      const event = { ...payload('test-shell', { time, hostname: 'node-1' }) };
      const falco = event.output_fields as Record<string, string>;
      const posted = normaliseAlert(
        { ...event, uuid: randomUUID(), output: 'formatted', output_fields: { ...falco, git_repo: 'x', custom: 'y' } },
        RECEIVED_AT,
        'kernel',
      );
      const labels: Record<string, string> = {
        rule: String(event.rule),
        priority: String(event.priority),
        hostname: 'node-1',
        ...Object.fromEntries(Object.entries(FALCO_METADATA).map(([field, name]) => [name, falco[field] ?? ''])),
      };
      const found = { time: '1764238500123456700', line: 'rule', labels };
      for (const isAuthenticated of [false, true])
        expect(missed(isAuthenticated, readFalcoLine(found, 'debug'))?.id).toBe(posted.id);
      for (const name of ['pod', 'container_id', 'hostname', 'rule']) {
        const other = { ...found, labels: { ...labels, [name]: 'other' } };
        expect([name, missed(true, readFalcoLine(other, 'debug'))?.id]).not.toEqual([name, posted.id]);
      }
      const later = { ...found, time: '1764238500123456701' };
      expect(missed(true, readFalcoLine(later, 'debug'))?.id).not.toBe(posted.id);
    },
  );
});
