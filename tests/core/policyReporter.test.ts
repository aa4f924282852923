import fc from 'fast-check';

import { alertSchema } from '../../core/incident/alert';
import { normaliseAlerts } from '../../core/alert/normalise';
import { PipelineError } from '../../core/errors';
import { RECEIVED_AT } from '../support/alerts';
import { expectOfAny } from '../support/anyReport';
import { report } from '../support/reports';
import { GITHUB_TOKEN } from '../support/secrets';

const read = (body: unknown) => normaliseAlerts(body, RECEIVED_AT, 'reports');
const recorded = (change: Record<string, unknown> = {}) => ({ ...report('policy-reporter-pod'), ...change });
const about = (resource: Record<string, unknown>) =>
  recorded({ resource: { ...(recorded() as unknown as { resource: object }).resource, ...resource } });
const alertOf = (body: unknown) => {
  const [alert] = read(body).alerts;
  if (alert === undefined) throw new Error('there is no alert');
  return alert;
};

test.each<[string, unknown, RegExp]>([
  ['no policy', recorded({ policy: '' }), /not a valid policy-reporter alert: policy/],
  ['no status', recorded({ status: undefined }), /status/],
  ['no time', recorded({ creationTimestamp: 'now' }), /creationTimestamp/],
  ['no resource', recorded({ resource: null }), /resource/],
  ['properties that are no texts', recorded({ properties: { a: 1 } }), /properties\.a/],
])('a result with %s is refused with the reason', (_what, body, reason) => {
  expect(() => read(body)).toThrow(reason);
  expect(() => read(body)).toThrow(PipelineError);
});

test.each(['pass', 'skip', 'something new'])('a result with the status %s is skipped', (status) => {
  expect(read(recorded({ status }))).toEqual({ alerts: [], skipped: expect.stringContaining(status) as string });
});

test('a heartbeat is skipped', () => {
  expect(read(report('policy-reporter-heartbeat')).skipped).toMatch(/heartbeat/);
  expect(normaliseAlerts(report('policy-reporter-heartbeat'), RECEIVED_AT, 'anyone').skipped).toMatch(/heartbeat/);
});

test('a violation by a pod is a report that names it', () => {
  const alert = alertOf(recorded());
  expect(alert).toMatchObject({
    source: 'kyverno',
    trust: 'report',
    status: 'firing',
    rule: 'PolicyViolationDetected',
    priority: 'error',
    time: '2026-11-21T10:15:30.000Z',
    target: {
      namespace: 'playground',
      pod: 'escalate-test',
      podUid: '2d0c7f5e-3a3b-4c7d-8f0b-6a2f7b1f9e10',
      container: null,
      image: null,
    },
    fields: { policy: 'disallow-privileged-containers', engine: 'kyverno', 'property.process': 'background scan' },
  });
  expect(alert.output).toMatch(/^disallow-privileged-containers\/privileged-containers: validation error/);
  expect(alertSchema.parse(alert)).toEqual(alert);
});

test('one by another object has its name in the fields and no target', () => {
  expect(alertOf(report('policy-reporter-deployment'))).toMatchObject({
    target: null,
    targetProblem: 'the report is about a Deployment, not a pod',
    fields: { 'resource.kind': 'Deployment', 'resource.name': 'web' },
  });
});

test("version 2 is read too, through a plain webhook as well, where it is not taken for Falco's", () => {
  expect(alertOf(report('policy-reporter-v2'))).toMatchObject({ source: 'kyverno', fields: { engine: null } });
  expect(normaliseAlerts(report('policy-reporter-v2'), RECEIVED_AT, 'anyone').alerts).toMatchObject([
    { source: 'kyverno' },
  ]);
});

test.each([
  [{ severity: 'critical' }, 'critical'],
  [{ severity: 'Medium' }, 'warning'],
  [{ severity: 'low' }, 'notice'],
  [{ severity: 'info' }, 'informational'],
  [{ severity: '', priority: 'error' }, 'error'],
  [{ severity: undefined }, 'unknown'],
  [{ severity: '__proto__' }, 'unknown'],
])('%j becomes a priority', (change, priority) => {
  expect(alertOf(recorded(change)).priority).toBe(priority);
});

test.each([
  [{ name: '../../secrets' }, /not a Kubernetes name/],
  [{ namespace: 'a b' }, /not a Kubernetes name/],
  [{ namespace: undefined }, /names no namespace/],
  [{ kind: '' }, /about no object/],
])('%j names no pod', (resource, problem) => {
  expect(alertOf(about(resource))).toMatchObject({
    target: null,
    targetProblem: expect.stringMatching(problem) as string,
  });
});

test('the same violation found again keeps its id; another object, rule or message has another', () => {
  const { id } = alertOf(recorded());
  expect(alertOf(recorded({ creationTimestamp: '2026-11-22T10:15:30Z' })).id).toBe(id);
  const others = [
    about({ name: 'other' }),
    about({ uid: 'other' }),
    recorded({ rule: 'other' }),
    recorded({ message: 'other' }),
  ];
  expect(new Set([id, ...others.map((body) => alertOf(body).id)]).size).toBe(5);
});

test("an engine's own id of the result is taken", () => {
  const withId = (resultID: string, message: string) => alertOf(recorded({ properties: { resultID }, message })).id;
  expect(withId('a', 'one')).toBe(withId('a', 'two'));
  expect(withId('a', 'one')).not.toBe(withId('b', 'one'));
});

test('what a result says is masked', () => {
  const body = recorded({
    policy: GITHUB_TOKEN,
    rule: GITHUB_TOKEN,
    message: GITHUB_TOKEN,
    category: GITHUB_TOKEN,
    properties: { [GITHUB_TOKEN]: GITHUB_TOKEN },
  });
  expect(JSON.stringify(alertOf(body))).not.toContain(GITHUB_TOKEN);
});

test('any result is an alert, skipped or refused; names are always Kubernetes names', () => {
  const bodies = fc.record({
    policy: fc.string(),
    status: fc.constantFrom('fail', 'pass'),
    creationTimestamp: fc.constant('2026-01-01T00:00:00Z'),
    resource: fc.oneof(
      fc.jsonValue(),
      fc.record({ kind: fc.constant('Pod'), name: fc.string(), namespace: fc.string(), uid: fc.string() }),
    ),
    properties: fc.dictionary(fc.string(), fc.string()),
  });
  expectOfAny(bodies);
});
