/** What a whole body costs, counted in characters that are masked and in steps, not in time. */
import { parseLossless } from '../../core/text/json';
import { MOST_ALERTS, TEXT_LIMITS } from '../../core/sources/limits';
import { normaliseAlerts, normaliseSteps } from '../../core/alert/normalise';
import { withIncidentAlerts } from '../../core/alert/pagerDutyAlerts';
import type { Sender } from '../../core/sources/senders';
import { PipelineError } from '../../core/errors';
import * as masking from '../../core/text/masking/mask';
import { RECEIVED_AT } from '../support/alerts';
import { hostileBodies, hostileIncidentAlerts } from '../support/hostileBodies';
import { report } from '../support/reports';

jest.mock('../../core/text/masking/mask', () => {
  const real = jest.requireActual<typeof masking>('../../core/text/masking/mask');
  return { ...real, maskNamed: jest.fn(real.maskNamed) };
});

const mask = jest.mocked(masking.maskNamed);
beforeEach(() => mask.mockClear());

/** Characters that were masked. */
const masked = () => mask.mock.calls.reduce((sum, [, text]) => sum + text.length, 0);
/** Lists and objects are masked text by text and then as a whole, and names of images beside the rest. */
const MOST_MASKED = 2 * TEXT_LIMITS.body;
/** The longest text that is masked at a time, and so the longest step. */
const LONGEST = 8192;

const SIZE = 256 * 1024;

/** What becomes of a body as bytes: what it is read as, or the refusal. */
function read(sender: Sender, body: unknown) {
  try {
    return normaliseAlerts(parseLossless(JSON.stringify(body)), RECEIVED_AT, sender);
  } catch (error) {
    if (error instanceof PipelineError || error instanceof SyntaxError) return { refused: error.message };
    throw error;
  }
}

test('the characters are counted', () => {
  read('falcosidekick', { rule: 'A rule of many words', priority: 'x', time: '2026-11-26T20:00:00Z' });
  expect(masked()).toBeGreaterThan('A rule of many words'.length);
});

test.each(hostileBodies(SIZE).map(({ sender, name, body }) => [sender, name, body] as const))(
  '%s, %s: what is masked of a body is bounded',
  (sender, _name, body) => {
    const size = JSON.stringify(read(sender, body)).length;
    expect(masked()).toBeLessThan(MOST_MASKED);
    expect(Math.max(0, ...mask.mock.calls.map(([, text]) => text.length))).toBeLessThanOrEqual(LONGEST);
    expect(size).toBeLessThan(8 * TEXT_LIMITS.body);
  },
);

test.each(hostileIncidentAlerts(SIZE).map(({ name, alerts }) => [name, alerts] as const))(
  "an incident's alerts, %s: what is masked of them is bounded",
  (_name, alerts) => {
    const [incident] = normaliseAlerts(report('pagerduty-triggered'), RECEIVED_AT, 'pagerDuty').alerts;
    if (incident === undefined) throw new Error('there is no incident');
    mask.mockClear();
    withIncidentAlerts(incident, alerts);
    expect(masked()).toBeLessThan(2 * TEXT_LIMITS.alert);
  },
);

describe('a group of Alertmanager', () => {
  const group = report('alertmanager-firing') as { alerts: Record<string, unknown>[] } & Record<string, unknown>;
  const [entry = {}] = group.alerts;
  const labels = entry.labels as Record<string, string>;
  const of = (count: number, change: (index: number) => object = () => ({}), more: object = {}) => ({
    ...group,
    ...more,
    alerts: Array.from({ length: count }, (_, index) => ({ ...entry, ...change(index) })),
  });
  const reading = (body: unknown) => {
    const known = normaliseAlerts(body, RECEIVED_AT, 'reports');
    if (known.skipped !== null) throw new Error('there is no alert');
    return known;
  };

  test('has what belongs to the body masked once', () => {
    reading(of(MOST_ALERTS, (index) => ({ fingerprint: `f${index}` }), { groupKey: `group ${'k=v '.repeat(500)}` }));
    expect(mask.mock.calls.filter(([, text]) => text.startsWith('group k=v'))).toHaveLength(1);
  });

  test('has its first alerts read and the rest counted, in each alert and where people look', () => {
    const { alerts, leftOut } = reading(of(MOST_ALERTS + 70, (index) => ({ fingerprint: `f${index}` })));
    expect(alerts).toHaveLength(MOST_ALERTS);
    expect(leftOut).toBe(70);
    for (const { fields } of alerts) expect(fields.alertsLeftOut).toBe(70);
    expect(alerts[0].output).toMatch(/^\[70 more alerts of this group were not read/);
    expect(alerts[1]?.output).not.toMatch(/not read/);
  });

  test('leaves none out that fits', () => {
    const { alerts, leftOut } = reading(of(MOST_ALERTS));
    expect([alerts.length, leftOut]).toEqual([MOST_ALERTS, 0]);
    expect(alerts[0].fields).not.toHaveProperty('alertsLeftOut');
    expect(alerts[0].output).not.toMatch(/not read/);
  });

  test('has those that are firing read before those that are over', () => {
    const { alerts } = reading(
      of(MOST_ALERTS + 20, (index) => ({ fingerprint: `f${index}`, status: index < 60 ? 'resolved' : 'firing' })),
    );
    expect(alerts.slice(0, 10).map(({ status }) => status)).toEqual(Array(10).fill('firing'));
    expect(alerts[10]?.status).toBe('resolved');
  });

  test('of which one alert is hostile shows the others whole', () => {
    const hostile = Object.fromEntries(Array.from({ length: 128 }, (_, index) => [`a${index}`, 'k='.repeat(4000)]));
    const { alerts } = reading(
      of(MOST_ALERTS, (index) =>
        index === 0 ? { annotations: hostile } : { annotations: { summary: `pod ${index} fell` } },
      ),
    );
    expect(alerts[0].fields.leftOut).toMatch(/texts beyond \d+ characters/);
    for (const [index, { fields, output, rule }] of alerts.entries()) {
      if (index === 0) continue;
      expect([rule, output]).toEqual(['PodMemoryExhaustion', `pod ${index} fell`]);
      expect(fields).toMatchObject({ 'label.pod': labels.pod });
      expect(fields).not.toHaveProperty('leftOut');
    }
  });
});

describe('an alert of Falco with more than is kept', () => {
  const falco = (fields: Record<string, unknown>) =>
    read('falcosidekick', {
      rule: 'A rule',
      priority: 'Warning',
      time: '2026-11-26T20:00:00Z',
      output: 'o'.repeat(3000),
      output_fields: fields,
    }) as ReturnType<typeof normaliseAlerts>;

  test('says so, and its target is that of fields that are not shown', () => {
    const many = Object.fromEntries(Array.from({ length: 300 }, (_, index) => [`a${index}`, 'x']));
    const [alert] = falco({ ...many, 'k8s.ns.name': 'shop', 'k8s.pod.name': 'checkout-1' }).alerts;
    expect(alert?.fields.leftOut).toBe('fields beyond the first 128');
    expect(alert?.target).toMatchObject({ namespace: 'shop', pod: 'checkout-1' });
    expect(Object.keys(alert?.fields ?? {})).toHaveLength(129);
  });

  test('hides no short text behind long ones', () => {
    const long = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`a${index}`, `${index} `.repeat(4000)]));
    const [alert] = falco({ ...long, 'proc.cmdline': 'nc 1.1.1.1 4444', 'user.name': 'root' }).alerts;
    expect(alert?.fields).toMatchObject({
      'proc.cmdline': 'nc 1.1.1.1 4444',
      'user.name': 'root',
      leftOut: `texts beyond ${TEXT_LIMITS.alert} characters in all`,
    });
    expect(alert?.output).toBe('o'.repeat(3000));
  });
});

test('a body is made to alerts in steps, one text in each', () => {
  const fields = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`a${index}`, `text number ${index}`]));
  const body = { rule: 'A rule', priority: 'x', time: '2026-11-26T20:00:00Z', output_fields: fields };
  expect([...normaliseSteps(body, RECEIVED_AT, 'falcosidekick')].length).toBeGreaterThanOrEqual(100);
});

test('a body with faults without number is refused in a few words', () => {
  const labels = Object.fromEntries(Array.from({ length: 200 }, (_, index) => [`${'l'.repeat(1000)}${index}`, index]));
  const alerts = Array.from({ length: 60 }, () => ({ labels }));
  const { refused } = read('reports', { version: '4', groupKey: 'g', receiver: 'r', alerts }) as { refused: string };
  expect(refused).toMatch(/and \d+ more$/);
  expect(refused.length).toBeLessThan(3000);
});
