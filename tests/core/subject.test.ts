import fc from 'fast-check';

import { alertSchema } from '../../core/incident/alert';
import { FACT_LIMITS, factsOf } from '../../core/alert/facts';
import { normaliseAlerts } from '../../core/alert/normalise';
import type { Sender } from '../../core/sources/senders';
import { subjectText } from '../../core/incident/subject';
import { analyseWithoutModel } from '../../core/analysis/withoutModel';
import { ALERT_NAMES, alertOf, normaliseAlert, payload, RECEIVED_AT } from '../support/alerts';
import { realWorldCase } from '../support/realWorld';
import { report } from '../support/reports';
import { GITHUB_TOKEN, PASSWORD } from '../support/secrets';

const DECEPTIVE = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\u2028\u2029]/u;

/** An event of one of Falco's plugins or of its own, with these fields alone. */
const event = (fields: Record<string, unknown>, change: Record<string, unknown> = {}) =>
  normaliseAlert({ ...payload('escalate-test', change), output_fields: fields }, RECEIVED_AT, 'kernel');

const series = (labels: Record<string, string>) => {
  const { input } = realWorldCase('person-alertmanager-labels-only');
  const body = input.body as { alerts: { labels: object }[] };
  const [alert] = normaliseAlerts(
    { ...body, alerts: [{ ...body.alerts[0], labels: { alertname: 'A', ...labels } }] },
    RECEIVED_AT,
    'reports',
  ).alerts;
  if (alert === undefined) throw new Error('no alert');
  return alert;
};

describe('subject of a Falco event', () => {
  test.each<[string, Record<string, unknown>]>([
    ['Pod shop/web-1', { 'k8s.pod.name': 'web-1', 'k8s.ns.name': 'shop', 'container.id': 'abc' }],
    ['Pod shop/web_1', { 'k8s.pod.name': 'web_1', 'k8s.ns.name': 'shop' }], // no Kubernetes name, so no target
    [
      'Pod shop/checkout-1',
      { 'ka.target.resource': 'pods', 'ka.target.name': 'checkout-1', 'ka.target.namespace': 'shop' },
    ],
    ['Pod shop/web-1', { 'ka.target.resource': 'pods', 'ka.resp.name': 'web-1', 'ka.target.namespace': 'shop' }],
    [
      'Deployment shop/web',
      { 'ka.target.resource': 'deployments', 'ka.target.name': 'web', 'ka.target.namespace': 'shop' },
    ],
    ['ClusterRoleBinding admins', { 'ka.target.resource': 'clusterrolebindings', 'ka.target.name': 'admins' }],
    ['Ingressclass nginx', { 'ka.target.resource': 'ingressclasses', 'ka.target.name': 'nginx' }],
    [
      'NetworkPolicy shop/deny',
      { 'ka.target.resource': 'networkpolicies', 'ka.target.name': 'deny', 'ka.target.namespace': 'shop' },
    ],
    ['Namespace shop', { 'ka.target.resource': 'namespaces', 'ka.target.name': 'shop', 'ka.target.namespace': 'shop' }],
    [
      'ServiceAccount shop/bot',
      { 'ka.verb': 'list', 'ka.target.resource': 'secrets', 'ka.user.name': 'system:serviceaccount:shop:bot' },
    ],
    ['Node worker-3', { 'ka.user.name': 'system:node:worker-3', 'ka.target.resource': 'secrets' }],
    ['User mallory', { 'ka.user.name': 'mallory', 'ka.target.resource': 'secrets', 'ka.target.name': '<NA>' }],
    // The rules port-forward, Create Disallowed Pod and Create/Modify Configmap With Private Credentials say no resource.
    [
      'Pod shop/checkout-1',
      { 'ka.target.name': 'checkout-1', 'ka.target.namespace': 'shop', 'ka.target.subresource': 'portforward' },
    ],
    [
      'Pod shop/checkout-1',
      { 'ka.resp.name': 'checkout-1', 'ka.target.namespace': 'shop', 'ka.req.pod.containers.image': '(acme/app:1)' },
    ],
    ['ConfigMap app-config', { 'ka.user.name': 'mallory', 'ka.req.configmap.name': 'app-config' }],
    [
      'Validatingadmissionpolicy no-root',
      { 'ka.target.resource': 'validatingadmissionpolicies', 'ka.target.name': 'no-root' },
    ],
    ['Bucket invoices', { 's3.bucket': 'invoices', 'ct.user': 'mallory' }],
    ['User mallory', { 'ct.user': 'mallory', 'ct.user.accountid': '123456789012' }],
    ['User mallory@acme.test', { 'ct.user': 'admin', 'ct.originaluser': 'mallory@acme.test' }], // an assumed role
    ['Function billing', { 'ct.request.functionname': 'billing', 'ct.user': 'mallory' }],
    [
      'Service ec2.amazonaws.com',
      { 'ct.user': null, 'ct.src': 'ec2.amazonaws.com', 'ct.srcip': 'autoscaling.amazonaws.com' },
    ],
    [
      'Repository https://git.test/acme/shop',
      { 'github.repo.url': 'https://git.test/acme/shop', 'github.user': 'mallory' },
    ],
    ['User ada@acme.test', { 'okta.actor.name': '<NA>', 'okta.actor.alternateid': 'ada@acme.test' }],
    ['Function export', { 'gcp.cloudfunctions.function': 'export', 'gcp.user': 'mallory' }],
    ['Account 123456789012', { 'ct.user': null, 'ct.user.accountid': '123456789012' }],
    ['Repository shop', { 'github.repo.name': 'shop', 'github.user': 'mallory' }],
    ['User ada', { 'okta.target.user.name': 'ada', 'okta.actor.name': 'mallory' }],
    ['Bucket backups', { 'gcp.storage.bucket': 'backups', 'gcp.user': 'mallory' }],
    ['Container builder', { 'container.name': 'builder', 'container.id': 'abc' }],
    ['Container abc', { 'container.name': null, 'container.id': 'abc' }],
    ['Host playground-node', { 'container.id': 'host', 'container.name': 'host', 'proc.name': 'sh' }],
    ['Host playground-node', {}],
    ['Host playground-node', { hostname: 'edge-3' }],
  ])('is %s', (subject, fields) => {
    expect(subjectText(event(fields).subject)).toBe(subject);
  });

  test('is Falco itself when the event names nothing at all', () => {
    expect(subjectText(event({}, { hostname: '' }).subject)).toBe('Detector Falco');
  });

  test.each(['', '<NA>', null])('is the host of a custom field when the event itself says %j', (hostname) => {
    const alert = event({ hostname: 'edge-3' }, { hostname });
    expect(subjectText(alert.subject)).toBe('Host edge-3');
    expect(alert.fields).toMatchObject({ hostname: 'edge-3' });
    expect(alert.fields).not.toHaveProperty(['field.hostname']);
  });
});

/** What a scrape of kube-state-metrics adds to a series with honor_labels. */
const KSM = {
  container: 'kube-state-metrics',
  endpoint: 'http',
  instance: '10.0.0.1:8080',
  job: 'kube-state-metrics',
  namespace: 'monitoring',
  pod: 'prom-kube-state-metrics-5d9f8b7c6-abcde',
  service: 'prom-kube-state-metrics',
};

describe('subject of an alert of Prometheus', () => {
  test.each<[string, Record<string, string>]>([
    ['Node worker-3', { node: 'worker-3', device: '/dev/sda1' }],
    [
      'Deployment shop/web',
      { namespace: 'shop', deployment: 'web', pod: 'kube-state-metrics-1', container: 'kube-state-metrics' },
    ],
    [
      'Deployment shop/web',
      { namespace: 'monitoring', exported_namespace: 'shop', deployment: 'web', pod: 'kube-state-metrics-1' },
    ],
    ['Deployment shop/web', { namespace: 'shop', workload: 'web', workload_type: 'deployment' }],
    ['Job shop/backup', { namespace: 'shop', job_name: 'backup', job: 'kube-state-metrics' }],
    ['PersistentVolumeClaim shop/data', { namespace: 'shop', persistentvolumeclaim: 'data', node: 'worker-3' }],
    ['PersistentVolume pv-1', { persistentvolume: 'pv-1', namespace: 'monitoring' }],
    ['Pod shop/web-1', { namespace: 'shop', pod: 'web-1', node: 'worker-3' }],
    [
      'Pod shop/web-1',
      { namespace: 'monitoring', pod: 'kube-state-metrics-1', exported_namespace: 'shop', exported_pod: 'web-1' },
    ],
    ['Node worker-3', { namespace: 'monitoring', pod: 'prom-kube-state-metrics-1', node: 'worker-3' }],
    ['Service shop/checkout', { ...KSM, namespace: 'shop', service: 'checkout', type: 'ClusterIP' }],
    ['ServiceAccount shop/bot', { ...KSM, namespace: 'shop', serviceaccount: 'bot' }],
    ['VerticalPodAutoscaler shop/v', { ...KSM, namespace: 'shop', verticalpodautoscaler: 'v' }],
    ['ClusterRole admin', { ...KSM, clusterrole: 'admin' }],
    ['Namespace shop', { ...KSM, namespace: 'shop', phase: 'Terminating' }],
    ['Namespace shop', { ...KSM, namespace: 'shop', endpoint: 'checkout' }],
    [
      'Namespace shop',
      { ...KSM, pod: 'cert-manager-6c-abc', service: 'cert-manager', exported_namespace: 'shop', name: 'checkout-tls' },
    ],
    [
      'Kustomization apps/web',
      {
        namespace: 'flux-system',
        pod: 'kustomize-controller-5d-abc',
        exported_namespace: 'apps',
        kind: 'Kustomization',
        name: 'web',
      },
    ],
    [
      'Deployment shop/web',
      { namespace: 'shop', pod: 'policy-reporter-5d-abc', kind: 'Deployment', name: 'web', policy: 'no-privileged' },
    ],
    [
      'Instance db-1.test:9104',
      { ...KSM, pod: 'prom-prometheus-pushgateway-1', exported_instance: 'db-1.test:9104', exported_job: 'backup' },
    ],
    ['Pod shop/web-1', { namespace: 'shop', pod: 'web-1', kind: 'Topic', name: 'orders' }],
    ['Instance 10.0.0.3:9100', { namespace: 'monitoring', pod: 'prom-node-exporter-1', instance: '10.0.0.3:9100' }],
    ['Pod shop/checkout-1', { source: 'falco', k8s_ns_name: 'shop', k8s_pod_name: 'checkout-1', hostname: 'worker-7' }],
    ['Deployment shop/web', { resource_kind: 'Deployment', resource_name: 'web', resource_namespace: 'shop' }],
    ['Policy no-privileged', { policy_name: 'no-privileged', resource_kind: 'Deployment' }],
    ['Instance 10.0.0.1:9100', { instance: '10.0.0.1:9100', job: 'node' }],
    ['Namespace shop', { namespace: 'shop' }],
    ['Detector Alertmanager', { severity: 'critical' }],
  ])('is %s', (subject, labels) => {
    expect(subjectText(series(labels).subject)).toBe(subject);
  });
});

describe('subject of a report', () => {
  test.each([
    ['policy-reporter-deployment', 'Deployment playground/web'],
    ['policy-reporter-pod', 'Pod playground/escalate-test'],
    ['trivy-vulnerabilities', 'ReplicaSet playground/nginx-6d4cf56db6'],
    ['trivy-vulnerabilities-pod', 'Pod playground/escalate-test'],
    ['pagerduty-triggered', 'PagerDuty service Kubernetes'],
  ])('%s is %s', (file, subject) => {
    const [alert] = normaliseAlerts(report(file), RECEIVED_AT, 'anyone').alerts;
    expect(subjectText(alert?.subject ?? { kind: '', namespace: null, name: '' })).toBe(subject);
  });
});

describe('subject', () => {
  test('of an item from before it is the pod, or who sent it', () => {
    const { subject: _, ...earlier } = alertOf('test-shell');
    expect(alertSchema.parse(earlier).subject).toEqual({ kind: 'Pod', namespace: 'playground', name: 'test-shell' });
    expect(subjectText(alertSchema.parse({ ...earlier, target: null }).subject)).toBe('Detector Falco');
  });

  test('is there, bounded, visible and masked, whatever a sender writes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ maxLength: 600, unit: 'binary' }), (kind, name) => {
        const { subject } = event({ 'ka.target.resource': kind, 'ka.target.name': name, 'ka.target.namespace': name });
        expect(subjectText(subject)).not.toMatch(DECEPTIVE);
        expect([subject.kind.length <= 64, subject.name.length <= 253]).toEqual([true, true]);
      }),
    );
    expect(subjectText(event({ 'container.name': `x ${GITHUB_TOKEN}` }).subject)).toBe(
      'Container x [masked: github token]',
    );
  });

  test('is the target where Falco names one', () => {
    for (const name of ALERT_NAMES) {
      const { subject, target } = alertOf(name);
      expect(subjectText(subject)).toBe(`Pod ${target?.namespace ?? ''}/${target?.pod ?? ''}`);
    }
  });

  test('is named where no model takes part', () => {
    const { alert } = personCase('person-kyverno-deployment');
    const { summary, objective, evidence } = analyseWithoutModel(alert, undefined);
    for (const text of [summary, objective]) expect(text).toContain('Deployment shop/checkout');
    expect(evidence).toContain('Policy: no-privileged/r');
  });
});

describe('facts', () => {
  const named = (alert: Parameters<typeof factsOf>[0]) =>
    new Map(factsOf(alert).map(({ name, value }) => [name, value]));

  test('of a system call: the sentence, the command with its parents, the user, the file, the image, who saw it', () => {
    expect(factsOf(alertOf('escalate-test'))).toEqual([
      { name: 'Alert', value: 'Sensitive file opened for reading by non-trusted program' },
      { name: 'Command', value: 'cat /etc/shadow' },
      { name: 'Started by', value: 'sh <- containerd-shim <- systemd' },
      { name: 'Program', value: '/bin/cat' },
      { name: 'User', value: 'nobody, uid 65534' },
      { name: 'File', value: '/etc/shadow' },
      { name: 'Image', value: 'docker.io/library/busybox:1.37.0' },
      { name: 'Container', value: 'shell' },
      { name: 'System call', value: 'openat' },
      { name: 'Seen by', value: 'Falco (syscall) on playground-node' },
    ]);
  });

  test('of a connection name both ends', () => {
    expect(named(alertOf('pod-quarantine-test')).get('Connection')).toBe('10.244.0.12:41244->10.96.0.1:443');
  });

  test('keep what a rule writes in front of its fields, and all of it where a field stands in front', () => {
    const said = (output: string) => named(event({ 'proc.cmdline': 'x' }, { output })).get('Alert');
    expect(said('10:15:30.123456789: Warning A shell | command=x')).toBe('A shell');
    expect(said('A shell (user=mallory) | hidden=x')).toBe('A shell (user=mallory) | hidden=x');
    expect(said('A shell | and more of it')).toBe('A shell | and more of it');
  });

  test('say all that Falco wrote where no field is known', () => {
    expect(named(event({}, { output: 'A shell | command=x' })).get('Alert')).toBe('A shell | command=x');
  });

  test('leave out what is missing', () => {
    expect(named(event({ 'proc.cmdline': '<NA>', 'user.name': null, 'fd.name': '', 'user.uid': 0 })).get('User')).toBe(
      '0',
    );
    expect(named(event({ 'proc.cmdline': '<NA>', 'fd.name': '' })).has('Command')).toBe(false);
  });

  test('of a source that nobody knows are its own fields', () => {
    const facts = [...named(event({ 'acme.door': 'north', 'acme.badge': 7 }, { source: 'acme' }))];
    expect(facts.slice(1)).toEqual([
      ['acme.door', 'north'],
      ['acme.badge', '7'],
      ['Seen by', 'Falco (acme) on playground-node'],
    ]);
  });

  test('of a report say that it was reported, not seen', () => {
    expect([...named(series({ node: 'n' })).keys()].at(-1)).toBe('Reported by');
  });

  test('are masked', () => {
    const texts = factsOf(event({ 'proc.cmdline': `mysql -p${PASSWORD}`, 'acme.password': PASSWORD }));
    expect(JSON.stringify(texts)).not.toContain(PASSWORD);
    expect(JSON.stringify(texts)).toContain('mysql');
  });

  test('are bounded and visible, and say who they come from, whatever a sender writes', () => {
    const anyText = fc.string({ maxLength: 3000, unit: 'binary' });
    const anyName = fc.oneof(anyText, fc.constantFrom('proc.cmdline', 'fd.name', 'ka.user.name', 'proc.aname[2]'));
    fc.assert(
      fc.property(fc.dictionary(anyName, anyText, { maxKeys: 40 }), anyText, (fields, output) => {
        const facts = factsOf(event(fields, { output }));
        expect(facts.length).toBeLessThanOrEqual(FACT_LIMITS.facts);
        expect(facts.at(-1)?.name).toBe('Seen by');
        for (const { name, value } of facts) {
          expect([name.length <= FACT_LIMITS.name, value.length <= FACT_LIMITS.said]).toEqual([true, true]);
          expect([name, value].join()).not.toMatch(DECEPTIVE);
        }
      }),
      { numRuns: 50 },
    );
  });
});

function personCase(name: string) {
  const { body, sender } = realWorldCase(name).input as unknown as { body: unknown; sender: Sender };
  const [alert] = normaliseAlerts(body, RECEIVED_AT, sender).alerts;
  if (alert === undefined) throw new Error(`${name} holds no alert`);
  return { alert };
}
