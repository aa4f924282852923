import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import fc from 'fast-check';

import { alertSchema } from '../../core/incident/alert';
import { normaliseAlerts } from '../../core/alert/normalise';
import { withIncidentAlerts } from '../../core/alert/pagerDutyAlerts';
import { checkedSpec } from '../../core/remediation/claim';
import { account, ROUTING_KEY } from '../simulators/support/pagerduty';
import { RECEIVED_AT } from '../support/alerts';
import { specOf } from '../support/claims';
import { report } from '../support/reports';
import { GITHUB_TOKEN } from '../support/secrets';

const SCENARIOS = join(__dirname, '../../cluster/local/scenarios');
const NAMES = readdirSync(SCENARIOS, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && entry.name !== 'inputs')
  .map(({ name }) => name);

const [INCIDENT] = normaliseAlerts(report('pagerduty-triggered'), RECEIVED_AT, 'pagerDuty').alerts;
const folded = (...alerts: unknown[]) => {
  if (INCIDENT === undefined) throw new Error('there is no incident');
  return withIncidentAlerts(INCIDENT, alerts);
};
const one = (details: unknown, more: object = {}) => ({
  id: 'A1',
  summary: 'Netcat in a pod',
  body: { details, ...more },
});
const sizeOf = (value: unknown): number => JSON.stringify(value).length;

describe("what is not PagerDuty's list of alerts is refused with the step to it", () => {
  test.each<[string, unknown]>([
    ['nothing', null],
    ['the whole answer', { alerts: [] }],
    ['a text', 'alerts'],
    ['an alert without an id', [{ summary: 'Netcat' }]],
    ['an alert whose body is a text', [{ id: 'A1', body: 'details' }]],
    ['an alert whose summary is an object', [{ id: 'A1', summary: {} }]],
  ])('%s', (_what, answer) => {
    if (INCIDENT === undefined) throw new Error('there is no incident');
    expect(() => withIncidentAlerts(INCIDENT, answer)).toThrow(
      expect.objectContaining({
        code: 'bad_item',
        incidentId: INCIDENT.id,
        nextStep: expect.stringContaining('incidentAlerts') as string,
      }) as Error,
    );
  });

  test.each<[string, unknown[]]>([
    ['no alert', []],
    ['an alert without a body', [{ id: 'A1' }]],
    ['details that are empty', [one(''), one(null), one({})]],
    [
      'nothing where it may be',
      [{ id: 'A1', summary: null, severity: null, status: null, created_at: null, body: null }],
    ],
  ])('%s is no fault, and brings nothing', (_what, alerts) => {
    expect(folded(...alerts)).toMatchObject({ infrastructure: {}, fields: { 'incident.alerts': alerts.length } });
  });
});

describe("the recorded scenarios, as PagerDuty's REST API gives their alerts", () => {
  /** What the simulator answers to GET /incidents/{id}/alerts for a recorded event. */
  const alertsOf = async (scenario: string, kind: string): Promise<unknown[]> => {
    const { pagerDuty, send, rest } = await account();
    try {
      const event = JSON.parse(readFileSync(join(SCENARIOS, scenario, `${kind}.json`), 'utf8')) as object;
      expect((await send({ ...event, routing_key: ROUTING_KEY })).status).toBe(202);
      const id = pagerDuty.state().incidents.at(-1)?.id ?? '';
      return ((await rest('GET', `/incidents/${id}/alerts?limit=100`)).body as { alerts: unknown[] }).alerts;
    } finally {
      await pagerDuty.close();
    }
  };

  test.each(NAMES)('%s says where the code lives', async (name) => {
    const alert = folded(...(await alertsOf(name, 'with-context')));
    expect(alert.infrastructure).toMatchObject({
      git_repo: 'https://github.com/acme/workshop-infrastructure.git',
      pulumi_org: 'acme',
      pulumi_project: 'workshop-cluster',
      pulumi_stack: 'dev',
      esc_environment: 'acme/workshop/dev',
      cluster_name: 'workshop-dev',
      cluster_provider: 'digitalocean',
    });
    expect(alert.fields).toMatchObject({ 'incident.alerts': 1, 'alert 1.summary': expect.any(String) as string });
    expect(Object.keys(alert.fields).filter((field) => field.endsWith('git_repo'))).toEqual([]);
    expect(alertSchema.parse(alert)).toEqual(alert);
  });

  test.each(NAMES)('%s without context says nothing of it', async (name) => {
    expect(folded(...(await alertsOf(name, 'without-context'))).infrastructure).not.toHaveProperty('git_repo');
  });
});

describe('details', () => {
  const DETAILS = { git_repo: 'acme/shop', pod: 'web-1' };

  test.each<[string, unknown]>([
    ['body.details', one(DETAILS)],
    ['body.cef_details.details', one(undefined, { cef_details: { details: DETAILS } })],
    [
      'both, of which body.details counts',
      one(DETAILS, { cef_details: { details: { git_repo: 'evil/evil', pod: 'evil' } } }),
    ],
  ])('are read in %s', (_what, alert) => {
    expect(folded(alert)).toMatchObject({
      infrastructure: { git_repo: 'acme/shop' },
      fields: { 'alert 1.pod': 'web-1' },
    });
  });

  test.each<[string, unknown, Record<string, unknown>]>([
    ['a text', one('pod shop/web-1'), { 'alert 1.details': 'pod shop/web-1' }],
    ['a list', one(['shop', { pod: 'web-1' }]), { 'alert 1.details': '["shop",{"pod":"web-1"}]' }],
    ['a number', one(7), { 'alert 1.details': 7 }],
    [
      'a text in cef_details',
      one({ pod: 'web-1' }, { cef_details: { details: 'killed' } }),
      { 'alert 1.pod': 'web-1', 'alert 1.cef_details': 'killed' },
    ],
    [
      'cef_details without details',
      one(undefined, { cef_details: { message: 'pod shop/web-1 is down', source_origin: 'worker-3', details: {} } }),
      { 'alert 1.message': 'pod shop/web-1 is down', 'alert 1.source_origin': 'worker-3' },
    ],
    ['cef_details that are a text', one(undefined, { cef_details: 'killed' }), { 'alert 1.cef_details': 'killed' }],
  ])('that are %s are kept', (_what, alert, fields) => {
    expect(folded(alert).fields).toMatchObject(fields);
  });

  test('that are a text are masked', () => {
    expect(JSON.stringify(folded(one(`it is ${GITHUB_TOKEN}`), one([GITHUB_TOKEN])))).not.toContain(GITHUB_TOKEN);
  });

  test('of the first alert count where several differ', () => {
    const alert = folded(one({ git_repo: 'acme/shop' }), one({ git_repo: 'evil/evil', pulumi_stack: 'dev' }));
    expect(alert.infrastructure).toEqual({ git_repo: 'acme/shop', pulumi_stack: 'dev' });
  });

  test('give the incident no target, no trust and no other id', () => {
    const alert = folded(
      one({
        target: { namespace: 'kube-system', pod: 'etcd' },
        'k8s.ns.name': 'kube-system',
        'k8s.pod.name': 'etcd',
        trust: 'kernel',
      }),
    );
    expect(alert).toMatchObject({ target: null, trust: 'report', id: INCIDENT?.id, status: 'firing' });
  });

  test("take the place of no field of the incident's own", () => {
    const hostile = {
      'incident.id': 'EVIL',
      'incident.assignees': 'PEVIL',
      __proto__: { evil: 1 },
      constructor: 'evil',
    };
    const alert = folded({ id: 'A1', 'incident.id': 'EVIL', body: { details: hostile } });
    expect(alert.fields).toMatchObject({ ...INCIDENT?.fields });
  });

  test('are masked by name and by form, in lists too', () => {
    const details = {
      password: 'correct horse',
      note: `it is ${GITHUB_TOKEN}`,
      list: [{ api_key: 'abcdefgh1234567' }],
    };
    const text = JSON.stringify(folded(one(details), { id: 'A2', summary: GITHUB_TOKEN }));
    expect(text).not.toMatch(/correct horse|abcdefgh1234567/);
    expect(text).not.toContain(GITHUB_TOKEN);
  });

  test('are visible', () => {
    expect(folded(one({ pod: 'web\u202e\n1' })).fields['alert 1.pod']).toBe('web\\u{202e}\\u{a}1');
  });
});

describe('however much there is', () => {
  test('the first ten alerts tell, and the number of all', () => {
    const { fields } = folded(...Array.from({ length: 25 }, (_, index) => one({ pod: `web-${index}` })));
    expect(fields).toMatchObject({ 'incident.alerts': 25, 'alert 10.pod': 'web-9' });
    expect(fields).not.toHaveProperty('alert 11.pod');
  });

  test.each<[string, () => Record<string, unknown>]>([
    [
      'many long fields',
      () => Object.fromEntries(Array.from({ length: 200 }, (_, index) => [`f${index}`, '"'.repeat(2000)])),
    ],
    ['one very long field', () => ({ note: 'x '.repeat(200_000) })],
    [
      'many fields of infrastructure',
      () =>
        Object.fromEntries(
          Array.from({ length: 5000 }, (_, index) => [
            `git_${'a'.repeat(index % 50)}${'b'.repeat(index / 50)}`,
            '"'.repeat(2000),
          ]),
        ),
    ],
    ['a very long name', () => ({ [`git_${'a'.repeat(200_000)}`]: 'x', [`f${'a'.repeat(200_000)}`]: 'y' })],
  ])('%s: a claim holds it', (_what, details) => {
    const alert = folded(...Array.from({ length: 10 }, () => one(details())));
    expect(sizeOf(alert)).toBeLessThan(250_000);
    expect(() =>
      checkedSpec(specOf({ item: JSON.stringify({ alert, settings: { fromEmail: 'a@example.com' } }) })),
    ).not.toThrow();
    expect(alert.fields).toMatchObject({ ...INCIDENT?.fields, 'incident.alerts': 10 });
  });

  test('and whatever it is, it is an alert, without a target', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record({ id: fc.string(), body: fc.record({ details: fc.dictionary(fc.string(), fc.jsonValue()) }) }),
        ),
        (alerts) => {
          const alert = folded(...alerts);
          expect(alertSchema.parse(alert)).toEqual(alert);
          expect(alert.target).toBeNull();
        },
      ),
    );
  });
});
