import fc from 'fast-check';

import { alertSchema } from '../../core/incident/alert';
import { normaliseAlerts } from '../../core/alert/normalise';
import { PipelineError } from '../../core/errors';
import { RECEIVED_AT } from '../support/alerts';
import { report } from '../support/reports';
import { GITHUB_TOKEN } from '../support/secrets';

interface Body {
  event: { data: Record<string, unknown>; [key: string]: unknown };
}

const read = (body: unknown) => normaliseAlerts(body, RECEIVED_AT, 'pagerDuty');
const triggered = (event: Record<string, unknown> = {}, data: Record<string, unknown> = {}) => {
  const recorded = (report('pagerduty-triggered') as unknown as Body).event;
  return { event: { ...recorded, data: { ...recorded.data, ...data }, ...event } };
};
const alertOf = (body: unknown) => {
  const [alert] = read(body).alerts;
  if (alert === undefined) throw new Error('there is no alert');
  return alert;
};

describe('what is no V3 webhook is refused with the reason', () => {
  test.each<[string, unknown, RegExp]>([
    ['an event without an id', triggered({ id: '' }), /event\.id/],
    ['an event without a time', triggered({ occurred_at: 'now' }), /event\.occurred_at/],
    ['an event without an incident', triggered({ data: null }), /event\.data/],
    ['an incident without an id', triggered({}, { id: '' }), /event\.data\.id/],
    ['no event', { event: null }, /event/],
    ["another tool's", { rule: 'a' }, /known source \(PagerDuty V3 webhook\)/],
    ['V2', report('pagerduty-v2'), /V2 webhook \(incident\.trigger\), which carries no signature/],
    ['V2 without messages', { messages: null }, /V2 webhook \(no event\)/],
    ['V2 with something else', { messages: [7, { event: {} }] }, /V2 webhook \(no event\)/],
  ])('%s', (_what, body, reason) => {
    expect(() => read(body)).toThrow(reason);
    expect(() => read(body)).toThrow(PipelineError);
  });

  test('V2 with the step to V3', () => {
    expect(() => read(report('pagerduty-v2'))).toThrow(
      expect.objectContaining({
        nextStep: expect.stringMatching(/Create a V3 webhook subscription/) as string,
      }) as Error,
    );
  });
});

test('an incident is a report without a target: the webhook brings no alerts', () => {
  const alert = alertOf(triggered());
  expect(alert).toMatchObject({
    source: 'pagerduty',
    trust: 'report',
    status: 'firing',
    rule: 'PagerDuty incident',
    priority: 'critical',
    time: '2026-11-21T10:15:30.169Z',
    target: null,
    targetProblem: expect.stringMatching(/does not bring the alerts/) as string,
    infrastructure: {},
    output: 'Contact K8S API Server From Container in playground/pod-quarantine-test',
    fields: {
      'incident.id': 'PGR0VU2',
      'incident.number': 2,
      'incident.dedup_id': 'd3640fbd41094207a1c11e58e46b1662',
      'incident.priority': 'P1',
      'service.name': 'Kubernetes',
    },
  });
  expect(alertSchema.parse(alert)).toEqual(alert);
});

test.each(['alerts', 'service', 'priority', 'urgency', 'incident_key'])('an incident without %s is one', (key) => {
  expect(alertOf(triggered({}, { [key]: null }))).toMatchObject({ source: 'pagerduty', target: null });
});

test('urgency becomes a priority, and one that is not documented is unknown', () => {
  const priorities = ['high', 'low', 'severe', '__proto__', null].map(
    (urgency) => alertOf(triggered({}, { urgency })).priority,
  );
  expect(priorities).toEqual(['critical', 'warning', 'unknown', 'unknown', 'unknown']);
});

test('one incident keeps its id until it is resolved; opened again it is another', () => {
  const { id, fingerprint } = alertOf(triggered());
  expect(alertOf(triggered({ id: 'another event' })).id).toBe(id);
  expect(alertOf(report('pagerduty-resolved'))).toMatchObject({ id, fingerprint, status: 'resolved' });
  const reopened = alertOf(report('pagerduty-reopened'));
  expect(reopened).toMatchObject({ fingerprint, status: 'firing' });
  expect(reopened.id).not.toBe(id);
  expect(alertOf(triggered({}, { id: 'P1' })).id).not.toBe(id);
});

test.each(['incident.acknowledged', 'incident.annotated', 'service.updated', 'incident.something_new', 'toString'])(
  'an event of the type %s begins and ends nothing, and the answer says so',
  (event_type) => {
    expect(read(triggered({ event_type, data: {} }))).toEqual({
      alerts: [],
      skipped: expect.stringContaining(event_type) as string,
    });
  },
);

test('a ping is no alert', () => {
  expect(read(report('pagerduty-ping'))).toMatchObject({
    alerts: [],
    skipped: expect.stringMatching(/arrived/) as string,
  });
});

test('what somebody wrote into an incident is masked and visible', () => {
  const text = `a\u202e ${GITHUB_TOKEN}`;
  const alert = alertOf(
    triggered({}, { title: text, html_url: text, incident_key: text, service: { id: text, summary: text } }),
  );
  expect(JSON.stringify(alert)).not.toContain(GITHUB_TOKEN);
  expect(alert.output).toBe('a\\u{202e} [masked: github token]');
});

test('any event is an alert, skipped or refused', () => {
  const bodies = fc.record({
    event: fc.record({
      id: fc.string(),
      event_type: fc.constantFrom('incident.triggered', 'incident.resolved', 'incident.reopened', 'pagey.ping', 'x'),
      occurred_at: fc.constantFrom('2026-01-01T00:00:00Z', ''),
      data: fc.oneof(fc.jsonValue(), fc.record({ id: fc.string(), status: fc.string(), title: fc.string() })),
    }),
  });
  fc.assert(
    fc.property(bodies, (body) => {
      try {
        const { alerts, skipped } = read(body);
        expect(alerts.length > 0).toBe(skipped === null);
        for (const alert of alerts) {
          expect(alertSchema.safeParse(alert).success).toBe(true);
          expect(alert).toMatchObject({ trust: 'report', target: null });
        }
      } catch (error) {
        expect(error).toBeInstanceOf(PipelineError);
      }
    }),
  );
});
