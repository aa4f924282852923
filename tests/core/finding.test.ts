import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import fc from 'fast-check';

import { findingOf, ownFinding, reportedFinding } from '../../core/alert/finding';
import { normaliseAlerts } from '../../core/alert/normalise';
import { withIncidentAlerts } from '../../core/alert/pagerDutyAlerts';
import { shortAlert } from '../../core/analysis/shortAlert';
import { alertSchema, type Alert } from '../../core/incident/alert';
import { parseLossless } from '../../core/text/json';
import { alertOf, payload, RECEIVED_AT } from '../support/alerts';
import { report } from '../support/reports';

const SCENARIOS = join(__dirname, '../../cluster/local/scenarios');
const text = (path: string): string => readFileSync(join(SCENARIOS, path), 'utf8');

/** The recorded event as Falcosidekick posts it to n8n. */
const event = parseLossless(text('inputs/falco-event.json')) as Record<string, unknown>;
const [FALCO] = normaliseAlerts(event, RECEIVED_AT, 'falcosidekick').alerts;

/** The same event's details at PagerDuty, as n8n's HTTP Request node reads them. */
const detailsOf = (variant: string): Record<string, unknown> =>
  (JSON.parse(text(`shell-in-pod/${variant}.json`)) as { payload: { custom_details: Record<string, unknown> } }).payload
    .custom_details;
const DETAILS = detailsOf('with-context');

const [INCIDENT] = normaliseAlerts(report('pagerduty-triggered'), RECEIVED_AT, 'pagerDuty').alerts;
const byPagerDuty = (...details: unknown[]): Alert => {
  if (INCIDENT === undefined) throw new Error('there is no incident');
  const alerts = details.map((one, index) => ({ id: `A${index}`, body: { details: one } }));
  return withIncidentAlerts(INCIDENT, alerts);
};
const of = (details: Record<string, unknown>) => findingOf(details.rule, details);
const FINDING = of(DETAILS);

describe('a finding is the same', () => {
  test.each(['with-context', 'without-context'])('by Falcosidekick to n8n and to PagerDuty, %s', (variant) => {
    expect(FALCO?.finding).toEqual({ key: expect.any(String) as string, event: expect.any(String) as string });
    expect(byPagerDuty(detailsOf(variant)).finding).toEqual(FALCO?.finding);
  });

  test('in each of the formats in which PagerDuty returns details', () => {
    if (INCIDENT === undefined) throw new Error('there is no incident');
    for (const body of [{ cef_details: { details: DETAILS } }, { details: DETAILS, cef_details: { details: DETAILS } }])
      expect(withIncidentAlerts(INCIDENT, [{ id: 'A1', body }]).finding).toEqual(FALCO?.finding);
  });

  test('whatever is added to its facts by deployments, and in whatever order they come', () => {
    const own = fc.dictionary(fc.stringMatching(/^[a-z_]{1,12}$/), fc.anything());
    fc.assert(
      fc.property(own, fc.boolean(), (added, isReversed) => {
        const { rule: _, ...others } = added;
        const entries = Object.entries({ ...others, ...DETAILS });
        expect(of(Object.fromEntries(isReversed ? entries.reverse() : entries))).toEqual(FINDING);
      }),
    );
  });

  test('with and without the fields that Falco left empty', () => {
    expect(of({ ...DETAILS, 'proc.aname': null, 'fd.name': '', 'user.shell': '<NA>' })).toEqual(FINDING);
  });

  test('with its time as digits or as a rounded number', () => {
    expect(of({ ...DETAILS, 'evt.time': '1795344847123456789' })).toEqual(FINDING);
  });
});

describe('a finding is another', () => {
  const named = Object.keys(DETAILS).filter((name) => name.includes('.') && name !== 'k8s.pod.uid');

  test('event if any fact of Falco differs', () => {
    fc.assert(
      fc.property(fc.constantFrom(...named), fc.string(), (name, value) => {
        fc.pre(String(DETAILS[name]) !== value);
        const other = of({ ...DETAILS, [name]: value });
        expect(other?.key).toBe(FINDING?.key);
        expect(other?.event).not.toBe(FINDING?.event);
      }),
    );
  });

  test('event if a fact of Falco is added', () => {
    expect(of({ ...DETAILS, 'fd.name': '/etc/shadow' })?.event).not.toBe(FINDING?.event);
  });

  test.each([
    ['rule', { rule: 'Another rule' }],
    ['pod', { 'k8s.pod.uid': '11111111-1111-4111-8111-111111111111' }],
  ])('one for another %s', (_what, change) => {
    expect(of({ ...DETAILS, ...change })?.key).not.toBe(FINDING?.key);
  });
});

describe('there is no finding', () => {
  test.each<[string, object]>([
    ['without a rule', { rule: undefined }],
    ['with a rule that is no text', { rule: { toString: 'x' } }],
    ['without a uid', { 'k8s.pod.uid': undefined }],
    ["with a static pod's uid", { 'k8s.pod.uid': '0'.repeat(32) }],
    ['with a uid that is a list', { 'k8s.pod.uid': ['00000000-0000-4000-8000-000000000000'] }],
  ])('%s', (_what, change) => {
    expect(of({ ...DETAILS, ...change })).toBeNull();
    expect(byPagerDuty({ ...DETAILS, ...change })).not.toHaveProperty('finding');
  });

  test.each<[string, object]>([
    ['a time', { 'evt.time': undefined }],
    ['facts that are texts', { 'proc.args': ['-c', 'id'] }],
    ['a size that is read', { 'proc.cmdline': 'x'.repeat(70_000) }],
    ['a number of facts that is read', Object.fromEntries(Array.from({ length: 200 }, (_, n) => [`a.${n}`, n]))],
  ])('event without %s', (_what, change) => {
    expect(of({ ...DETAILS, ...change })).toEqual({ key: FINDING?.key, event: null });
  });

  test('of an alert that Falco did not send over its own hop', () => {
    const [alert] = normaliseAlerts(event, RECEIVED_AT, 'anyone').alerts;
    expect(alert).toMatchObject({ source: 'falco', trust: 'report' });
    expect(alert).not.toHaveProperty('finding');
  });

  test('in what a model reads', () => {
    if (FALCO === undefined) throw new Error('there is no alert');
    expect(shortAlert(FALCO)).not.toHaveProperty('finding');
    expect(alertSchema.parse(FALCO)).toEqual(FALCO);
  });
});

describe("the finding of PagerDuty's incident is what all of its alerts report", () => {
  const SENT = { incident_source: 'falco', incident_id: 'i-1', rule: 'Terminal shell in container' };
  const later = { ...DETAILS, 'evt.time': 1_795_344_999_123_456_800 };

  test.each<[string, unknown[], object | undefined]>([
    ['one event twice', [DETAILS, DETAILS], { ...FINDING }],
    ['two events of one finding', [DETAILS, later], { key: FINDING?.key, event: null }],
    ['two findings', [DETAILS, { ...DETAILS, rule: 'Another rule' }], undefined],
    ['a finding, and an alert of another kind', [DETAILS, { alertname: 'PodMemoryExhaustion' }], undefined],
    ['a finding, and an alert without details', [DETAILS, {}], undefined],
    ['an alert with a text, and a finding', ['a text', DETAILS], undefined],
    ['more alerts than are read', Array.from({ length: 11 }, () => DETAILS), undefined],
    ['none', [], undefined],
    [
      'what the pipeline sends of an incident of Falco',
      [{ ...SENT, finding: 'a'.repeat(32), finding_event: 'b'.repeat(32) }],
      { key: 'a'.repeat(32), event: 'b'.repeat(32) },
    ],
    [
      'the same without an event',
      [{ ...SENT, finding: 'a'.repeat(32), finding_event: null }],
      { key: 'a'.repeat(32), event: null },
    ],
    [
      'what it sends of another incident',
      [{ ...SENT, finding: null, finding_event: null }],
      ownFinding('falco', 'i-1'),
    ],
    ['the same and an event of Falco', [SENT, DETAILS], undefined],
    ['hashes that are none', [{ ...SENT, finding: 'A'.repeat(32) }], undefined],
    ['an incident without its source', [{ incident_id: 'i-1' }], undefined],
  ])('%s', (_what, details, finding) => {
    expect(byPagerDuty(...details).finding).toEqual(finding);
  });

  test('and two parts of one alert that disagree report none', () => {
    if (INCIDENT === undefined) throw new Error('there is no incident');
    const body = { details: DETAILS, cef_details: { details: { ...DETAILS, rule: 'Another rule' } } };
    expect(withIncidentAlerts(INCIDENT, [{ id: 'A1', body }])).not.toHaveProperty('finding');
  });
});

describe('an incident reports', () => {
  test("Falco's finding, or itself without one, by its source and id", () => {
    if (FALCO === undefined) throw new Error('there is no alert');
    expect(reportedFinding(FALCO)).toEqual(FALCO.finding);
    const alerts = [
      alertOf('pod-delete-test', { finding: undefined, id: 'one' }),
      alertOf('pod-delete-test', { finding: undefined, id: 'other' }),
      alertOf('pod-delete-test', { finding: undefined, id: 'one', source: 'alertmanager' }),
    ];
    const findings = alerts.map((alert) => reportedFinding(alert));
    expect(new Set(findings.map((finding) => finding?.key)).size).toBe(3);
    for (const finding of findings) expect(finding?.event).toBe(finding?.key);
  });

  test('nothing if it is of PagerDuty and its alerts say nothing', () => {
    expect(reportedFinding(byPagerDuty({ alertname: 'PodMemoryExhaustion' }))).toBeNull();
  });

  test('no event if a person opened it again', () => {
    const again = byPagerDuty(DETAILS);
    const fields = { ...again.fields, 'event.type': 'incident.reopened' };
    expect(reportedFinding({ ...again, fields })).toEqual({ key: FINDING?.key, event: null });
  });
});

test('a Falco alert without a pod has no finding of its own', () => {
  const [alert] = normaliseAlerts(
    payload('pod-delete-test', {}, { 'k8s.pod.uid': null }),
    RECEIVED_AT,
    'falcosidekick',
  ).alerts;
  expect(alert).toBeDefined();
  expect(alert).not.toHaveProperty('finding');
});
