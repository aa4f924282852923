import fc from 'fast-check';

import { alertSchema } from '../../core/incident/alert';
import { normaliseAlerts } from '../../core/alert/normalise';
import { PipelineError } from '../../core/errors';
import { RECEIVED_AT } from '../support/alerts';
import { expectOfAny } from '../support/anyReport';
import { report } from '../support/reports';
import { GITHUB_TOKEN, PASSWORD } from '../support/secrets';

interface Entry {
  labels: Record<string, string>;
  annotations: Record<string, string>;
  [key: string]: unknown;
}
interface Body {
  alerts: Entry[];
  [key: string]: unknown;
}

const firing = (change: Record<string, unknown> = {}) => ({
  ...(report('alertmanager-firing') as unknown as Body),
  ...change,
});
const read = (body: unknown) => normaliseAlerts(body, RECEIVED_AT, 'reports').alerts;
/** The first alert of the recorded body, changed. */
const one = (change: Partial<Entry> = {}) => {
  const [entry] = firing().alerts;
  const [alert] = read(firing({ alerts: [{ ...entry, ...change }] }));
  if (alert === undefined) throw new Error('there is no alert');
  return alert;
};
const labelled = (labels: Record<string, string>) => one({ labels: { ...firing().alerts[0]?.labels, ...labels } });

describe('what is not an alert of Alertmanager is refused with the reason', () => {
  const [entry] = firing().alerts;
  test.each<[string, unknown, RegExp]>([
    ['without alerts', firing({ alerts: [] }), /not a valid Alertmanager alert: alerts/],
    ['with something else for alerts', firing({ alerts: 'none' }), /alerts/],
    ['of another version', firing({ version: '1' }), /version/],
    ['without a group', { ...firing(), groupKey: undefined }, /groupKey/],
    [
      'with an alert that has no start',
      firing({ alerts: [entry, { ...entry, startsAt: 'now' }] }),
      /alerts\.1\.startsAt/,
    ],
    ['with an unknown status', firing({ alerts: [{ ...entry, status: 'pending' }] }), /alerts\.0\.status/],
    ['with labels that are no texts', firing({ alerts: [{ ...entry, labels: { pod: 7 } }] }), /labels\.pod/],
    ['without a fingerprint', firing({ alerts: [{ ...entry, fingerprint: '' }] }), /fingerprint/],
  ])('%s', (_what, body, reason) => {
    expect(() => read(body)).toThrow(reason);
    expect(() => read(body)).toThrow(PipelineError);
  });
});

describe('a body with several alerts', () => {
  test('gives each of them, as a report, with its pod', () => {
    expect(read(firing())).toMatchObject([
      {
        source: 'alertmanager',
        trust: 'report',
        status: 'firing',
        rule: 'PodMemoryExhaustion',
        priority: 'warning',
        time: '2026-11-21T10:15:30.123Z',
        receivedAt: RECEIVED_AT.toISOString(),
        target: {
          namespace: 'playground',
          pod: 'escalate-test',
          podUid: '2d0c7f5e-3a3b-4c7d-8f0b-6a2f7b1f9e10',
          container: 'app',
          image: null,
        },
        output: 'Container app of playground/escalate-test is at 94 % of its memory limit',
      },
      {
        priority: 'critical',
        target: { pod: 'test-shell', podUid: null },
        output: expect.stringMatching(/limit: It will be ended/) as string,
      },
    ]);
    for (const alert of read(firing())) expect(alertSchema.parse(alert)).toEqual(alert);
  });

  test('says in each how many Alertmanager left out', () => {
    expect(read(firing({ truncatedAlerts: 3 })).map(({ fields }) => fields.truncatedAlerts)).toEqual([3, 3]);
    expect(one().fields).not.toHaveProperty('truncatedAlerts');
  });
});

describe('an alert', () => {
  test('keeps its id when it is repeated, and when it ends', () => {
    const [resolved] = read(report('alertmanager-resolved'));
    expect(one({ annotations: { summary: 'still there' } }).id).toBe(one().id);
    expect(resolved).toMatchObject({ id: one().id, fingerprint: one().fingerprint, status: 'resolved' });
    expect(resolved?.fields.endsAt).toBe('2026-11-21T10:25:30.123Z');
  });

  test('that starts again, or is another, is another incident', () => {
    const ids = read(firing()).map(({ id }) => id);
    expect(new Set([...ids, one({ startsAt: '2026-11-21T12:00:00Z' }).id]).size).toBe(3);
  });

  test.each([
    [{ exported_pod: 'victim' }, /two pods/],
    [{ exported_namespace: 'victim' }, /two pods/],
    [{ pod: '' }, /names no namespace and pod/],
    [{ pod: '../../secrets' }, /not a Kubernetes name/],
    [{ namespace: 'a?dryRun=All' }, /not a Kubernetes name/],
  ])('has no target with the labels %j', (labels, problem) => {
    expect(labelled(labels)).toMatchObject({ target: null, targetProblem: expect.stringMatching(problem) as string });
  });

  test('takes no uid that is none', () => {
    expect(labelled({ uid: 'x' }).target?.podUid).toBeNull();
  });

  test('says where the code lives when its labels do', () => {
    expect(labelled({ git_repo: 'https://example.com/a/b', cluster_name: 'c' }).infrastructure).toEqual({
      git_repo: 'https://example.com/a/b',
      cluster_name: 'c',
    });
  });

  test('of an unknown severity is kept as such, and one without a name too', () => {
    expect(labelled({ severity: 'page' }).priority).toBe('unknown');
    expect(one({ labels: {} })).toMatchObject({ priority: 'unknown', rule: 'Alert without a name', target: null });
  });
});

test('secrets in labels and annotations are masked', () => {
  const text = `mysql -p${PASSWORD} ${GITHUB_TOKEN}`;
  const alert = one({
    labels: { alertname: text, container: text, image: text, git_repo: text, api_token: PASSWORD, [text]: 'x' },
    annotations: { summary: text, description: text },
    generatorURL: `http://a:${PASSWORD}@b/`,
  });
  for (const secret of [PASSWORD, GITHUB_TOKEN]) expect(JSON.stringify(alert)).not.toContain(secret);
  expect(alert.fields['label.api_token']).toBe('[masked: secret]');
});

test('any group is alerts or refused; names are always Kubernetes names, and nothing is of the kernel', () => {
  const texts = fc.dictionary(
    fc.constantFrom('alertname', 'namespace', 'pod', 'uid', 'severity', '__proto__'),
    fc.string(),
  );
  const entries = fc.record({
    status: fc.constantFrom('firing', 'resolved', 'other'),
    labels: texts,
    annotations: texts,
    startsAt: fc.constantFrom('2026-01-01T00:00:00Z', 'never'),
    endsAt: fc.string(),
    generatorURL: fc.string(),
    fingerprint: fc.string(),
    trust: fc.constant('kernel'),
  });
  const bodies = fc.record({
    version: fc.constant('4'),
    groupKey: fc.string(),
    receiver: fc.string(),
    trust: fc.constant('kernel'),
    alerts: fc.array(fc.oneof({ weight: 9, arbitrary: entries }, { weight: 1, arbitrary: fc.jsonValue() })),
  });
  expectOfAny(bodies, (body, alerts) => {
    expect(alerts).toHaveLength(body.alerts.length);
  });
});
