import fc from 'fast-check';

import { alertSchema } from '../../core/incident/alert';
import { normaliseAlerts } from '../../core/alert/normalise';
import { PipelineError } from '../../core/errors';
import { RECEIVED_AT } from '../support/alerts';
import { expectOfAny } from '../support/anyReport';
import { report } from '../support/reports';
import { GITHUB_TOKEN } from '../support/secrets';

interface Body {
  metadata: { labels: Record<string, string>; [key: string]: unknown };
  report: { vulnerabilities: Record<string, unknown>[]; [key: string]: unknown };
  [key: string]: unknown;
}

const read = (body: unknown) => normaliseAlerts(body, RECEIVED_AT, 'reports');
const recorded = (name = 'trivy-vulnerabilities') => report(name) as unknown as Body;
const alertOf = (body: unknown) => {
  const [alert] = read(body).alerts;
  if (alert === undefined) throw new Error('there is no alert');
  return alert;
};
/** The report about a pod, with other labels and other metadata. */
const aboutPod = (labels: Record<string, string> = {}, metadata: Record<string, unknown> = {}) => {
  const body = recorded('trivy-vulnerabilities-pod');
  return { ...body, metadata: { ...body.metadata, ...metadata, labels: { ...body.metadata.labels, ...labels } } };
};
const finding = (change: Record<string, unknown>) => {
  const body = recorded();
  return { ...body, report: { ...body.report, ...change } };
};

describe('what is no report is refused with the reason', () => {
  test.each<[string, unknown, RegExp]>([
    ['no metadata', { ...recorded(), metadata: null }, /not a valid Trivy Operator alert: metadata/],
    ['no name', { ...recorded(), metadata: {} }, /metadata\.name/],
    ['no report', { ...recorded(), report: 'none' }, /report/],
    ['a list of something else', finding({ vulnerabilities: [7] }), /report\.vulnerabilities: expected a list/],
    ['nothing in the wrapping', { verb: 'update', operatorObject: null }, /body/],
    ['a wrapping without a verb', { operatorObject: recorded() }, /verb/],
  ])('%s', (_what, body, reason) => {
    expect(() => read(body)).toThrow(reason);
    expect(() => read(body)).toThrow(PipelineError);
  });
});

describe('what nobody has to look at is skipped with the reason', () => {
  test.each<[string, unknown, RegExp]>([
    ['no finding', finding({ vulnerabilities: [] }), /no critical/],
    ['null for none', finding({ vulnerabilities: null }), /no critical/],
    ['lesser findings', finding({ vulnerabilities: [recorded().report.vulnerabilities[2]] }), /no critical/],
    ['a configuration audit', report('trivy-config-audit'), /this is ConfigAuditReport replicaset-nginx/],
    ['a deleted report', { ...report('trivy-secrets'), verb: 'delete' }, /deleted/],
  ])('%s', (_what, body, reason) => {
    expect(read(body)).toEqual({ alerts: [], skipped: expect.stringMatching(reason) as string });
  });
});

test('critical vulnerabilities of a workload are one report, which names no pod', () => {
  const alert = alertOf(recorded());
  expect(alert).toMatchObject({
    source: 'trivy',
    trust: 'report',
    status: 'firing',
    rule: 'CriticalVulnerabilityDetected',
    priority: 'critical',
    time: '2026-11-21T10:15:30.000Z',
    target: null,
    targetProblem: 'the report is about a ReplicaSet, not a pod',
    fields: {
      'resource.kind': 'ReplicaSet',
      'resource.name': 'nginx-6d4cf56db6',
      image: 'index.docker.io/library/nginx:1.16',
      'summary.criticalCount': 2,
      findings:
        'CVE-2019-20367 in libbsd0 0.9.1-2, fixed in 0.9.1-2+deb10u1; CVE-2018-25009 in libwebp6 0.6.1-2, not fixed yet',
    },
  });
  expect(alert.output).toMatch(
    /^2 critical vulnerabilities in index\.docker\.io\/library\/nginx:1\.16 of ReplicaSet playground\/nginx/,
  );
  expect(alertSchema.parse(alert)).toEqual(alert);
});

test('secrets in an image are one, and what Trivy quotes of them is left out', () => {
  const alert = alertOf(report('trivy-secrets'));
  expect(alert).toMatchObject({ rule: 'ExposedSecretDetected', priority: 'error', target: null });
  expect(alert.fields.findings).toContain('stripe-access-token in /app/config/secret.yaml');
  expect(JSON.stringify(alert)).not.toContain('publishable');
});

describe('a report about a pod', () => {
  test('names it, with the uid of its owner', () => {
    expect(alertOf(aboutPod()).target).toEqual({
      namespace: 'playground',
      pod: 'escalate-test',
      podUid: '2d0c7f5e-3a3b-4c7d-8f0b-6a2f7b1f9e10',
      container: 'nginx',
      image: 'index.docker.io/library/nginx:1.16',
    });
  });

  test('has no target when no owner is that pod, since nothing says which pod of that name it was', () => {
    const other = [{ kind: 'Pod', name: 'another', uid: '2d0c7f5e-3a3b-4c7d-8f0b-6a2f7b1f9e10' }];
    for (const ownerReferences of [null, other])
      expect(alertOf(aboutPod({}, { ownerReferences }))).toMatchObject({
        target: null,
        targetProblem: expect.stringMatching(/no uid/) as string,
        fields: { 'resource.name': 'escalate-test' },
      });
  });

  test.each([
    [{ 'trivy-operator.resource.name': '../../secrets' }, /not a Kubernetes name/],
    [{ 'trivy-operator.resource.namespace': 'a?dryRun=All' }, /not a Kubernetes name/],
    [{ 'trivy-operator.resource.kind': 'pod' }, /about a pod, not a pod/],
    [{ 'trivy-operator.resource.kind': '' }, /about no object/],
  ])('names none with the labels %j', (labels, problem) => {
    expect(alertOf(aboutPod(labels))).toMatchObject({
      target: null,
      targetProblem: expect.stringMatching(problem) as string,
    });
  });
});

test("the next scan's report of the same is the same incident; other findings are another", () => {
  const { id, fingerprint } = alertOf(recorded());
  const body = recorded();
  const repeated = {
    ...body.metadata,
    uid: 'another',
    resourceVersion: '9',
    creationTimestamp: '2026-11-22T10:15:29Z',
  };
  const [one, two, three] = body.report.vulnerabilities;
  expect(
    alertOf({
      ...finding({ updateTimestamp: '2026-11-22T10:15:30Z', vulnerabilities: [three, two, one] }),
      metadata: repeated,
    }),
  ).toMatchObject({ id, fingerprint });
  const less = alertOf(finding({ vulnerabilities: [one] }));
  expect(less.fingerprint).toBe(fingerprint);
  expect(less.id).not.toBe(id);
  expect(alertOf(aboutPod()).id).not.toBe(id);
});

test('a report without its kind, artifact, labels and times is read all the same', () => {
  const { vulnerabilities } = recorded().report;
  expect(alertOf({ metadata: { name: 'a' }, report: { vulnerabilities, updateTimestamp: 'now' } })).toMatchObject({
    time: RECEIVED_AT.toISOString(),
    targetProblem: 'the report is about no object, not a pod',
  });
});

test('what a report says is masked', () => {
  const vulnerabilities = [{ vulnerabilityID: GITHUB_TOKEN, severity: 'CRITICAL', resource: GITHUB_TOKEN }];
  const body = aboutPod({ 'trivy-operator.container.name': GITHUB_TOKEN });
  const artifact = { repository: GITHUB_TOKEN, tag: GITHUB_TOKEN };
  expect(JSON.stringify(alertOf({ ...body, report: { artifact, vulnerabilities } }))).not.toContain(GITHUB_TOKEN);
});

test('any report is an alert, skipped or refused; names are always Kubernetes names', () => {
  const label = fc.constantFrom('kind', 'name', 'namespace').map((name) => `trivy-operator.resource.${name}`);
  const bodies = fc.record({
    metadata: fc.oneof(
      fc.jsonValue(),
      fc.record({ name: fc.string(), labels: fc.dictionary(label, fc.oneof(fc.string(), fc.constant('Pod'))) }),
    ),
    report: fc.record({
      vulnerabilities: fc.array(
        fc.record({ vulnerabilityID: fc.string(), severity: fc.constantFrom('CRITICAL', 'LOW') }),
      ),
    }),
  });
  expectOfAny(bodies);
});
