/** What real senders post beside the plain alert: cases of tests/fixtures/realworld and their kin. */
import type { Alert } from '../../core/incident/alert';
import { normaliseAlerts } from '../../core/alert/normalise';
import type { Sender } from '../../core/sources/senders';
import { withIncidentAlerts } from '../../core/alert/pagerDutyAlerts';
import { payload, RECEIVED_AT } from '../support/alerts';
import { realWorldCase } from '../support/realWorld';
import { report } from '../support/reports';

type Body = Record<string, unknown>;

function firstOf(sender: Sender, body: unknown): Alert {
  const [alert] = normaliseAlerts(body, RECEIVED_AT, sender).alerts;
  if (alert === undefined) throw new Error('there is no alert');
  return alert;
}
const falco = (change: Body = {}, fields: Body = {}) =>
  firstOf('falcosidekick', payload('pod-quarantine-test', change, fields));
const caseOf = (name: string) => firstOf(realWorldCase(name).input.sender as Sender, realWorldCase(name).input.body);

describe('Falco', () => {
  test('falco-static-pod: namespace and pod are the target of a uid that is the hash of a file', () => {
    expect(caseOf('falco-static-pod')).toMatchObject({
      target: { namespace: 'kube-system', pod: 'kube-apiserver-cp-1', podUid: null },
      fields: { 'k8s.pod.uid': '0a1b2c3d4e5f60718293a4b5c6d7e8f9' },
    });
  });

  test.each(['0A1B2C3D4E5F60718293A4B5C6D7E8F9', '0a1b2c3d', `${'0'.repeat(32)}0`, '../../secrets'])(
    'the pod uid %j is not a uid, and gives no target',
    (uid) => {
      expect(falco({}, { 'k8s.pod.uid': uid })).toMatchObject({
        target: null,
        targetProblem: 'the pod uid is not a uid',
      });
    },
  );

  test('falco-source-dropped: source and the custom field hostname are in the alert', () => {
    expect(caseOf('falco-source-dropped').fields).toMatchObject({ source: 'k8s_audit', hostname: 'edge-3' });
  });

  test('source is that of the event alone; a field of that name stands beside it', () => {
    expect(falco({ source: 'syscall' }, { source: 'internal' }).fields).toMatchObject({
      source: 'syscall',
      'field.source': 'internal',
    });
    expect(falco({ source: undefined }, { source: 'internal' }).fields).toMatchObject({ source: null });
  });

  test('hostname of the event and of a custom field are both kept', () => {
    expect(falco({ hostname: 'worker-7' }, { hostname: 'edge-3' }).fields).toMatchObject({
      hostname: 'worker-7',
      'field.hostname': 'edge-3',
    });
  });

  test('source and hostname are kept however many fields there are', () => {
    const many = Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`a${index}`, 'x']));
    expect(falco({ source: 'syscall', hostname: 'worker-7' }, many).fields).toMatchObject({
      source: 'syscall',
      hostname: 'worker-7',
    });
  });

  test("falco-metrics-snapshot: Falco's own messages are alerts without a target, of source internal", () => {
    expect(caseOf('falco-metrics-snapshot')).toMatchObject({
      rule: 'Falco internal: metrics snapshot',
      priority: 'informational',
      target: null,
      fields: { source: 'internal', hostname: 'worker-7', 'falco.num_evts': 12 },
    });
  });

  test('event drops are an alert without a target, of source internal, with their number', () => {
    const body = {
      hostname: 'worker-7',
      output: 'Falco internal: syscall event drop. 815508 system calls dropped in last second.',
      output_fields: { ebpf_enabled: '1', n_drops: '815508', n_evts: '2270350' },
      priority: 'Debug',
      rule: 'Falco internal: syscall event drop',
      source: 'internal',
      time: '2026-11-26T20:00:00.123456789Z',
    };
    expect(firstOf('falcosidekick', body)).toMatchObject({
      rule: 'Falco internal: syscall event drop',
      target: null,
      fields: { source: 'internal', n_drops: '815508' },
    });
  });

  test('rules whose names are alike for 128 characters have fingerprints of their own', () => {
    const name = 'r'.repeat(200);
    expect(falco({ rule: `${name}1` }).fingerprint).not.toBe(falco({ rule: `${name}2` }).fingerprint);
  });
});

describe('a report about a pod', () => {
  test('kyverno-blocked-pod: has no target without a uid; the fields name the pod', () => {
    expect(caseOf('kyverno-blocked-pod')).toMatchObject({
      target: null,
      targetProblem: expect.stringMatching(/no uid/) as string,
      fields: { 'resource.kind': 'Pod', 'resource.namespace': 'shop', 'resource.name': 'checkout-1' },
    });
  });

  test.each([null, undefined, '', 'x'])('has no target with the uid %j', (uid) => {
    const body = report('policy-reporter-pod');
    expect(firstOf('reports', { ...body, resource: { ...(body.resource as Body), uid } })).toMatchObject({
      target: null,
    });
  });
});

describe('Alertmanager', () => {
  const KSM = {
    container: 'kube-state-metrics',
    endpoint: 'http',
    job: 'kube-state-metrics',
    service: 'prom-kube-state-metrics',
    pod: 'prom-kube-state-metrics-5d9f8b7c6-abcde',
    namespace: 'shop',
  };
  const labelled = (labels: Record<string, string>) => {
    const body = report('alertmanager-firing') as { alerts: Body[] } & Body;
    return firstOf('reports', { ...body, alerts: [{ ...body.alerts[0], labels: { alertname: 'A', ...labels } }] });
  };

  test('alertmanager-deployment-of-kube-state-metrics: the deployment is named, and there is no target', () => {
    expect(caseOf('alertmanager-deployment-of-kube-state-metrics')).toMatchObject({
      target: null,
      targetProblem: 'the alert is about Deployment shop/checkout, not a pod',
      fields: { 'resource.kind': 'Deployment', 'resource.namespace': 'shop', 'resource.name': 'checkout' },
    });
  });

  test.each([
    [{ statefulset: 'db' }, 'StatefulSet shop/db'],
    [{ daemonset: 'agent' }, 'DaemonSet shop/agent'],
    [{ job_name: 'backup-29' }, 'Job shop/backup-29'],
    [{ cronjob: 'backup' }, 'CronJob shop/backup'],
    [{ horizontalpodautoscaler: 'web' }, 'HorizontalPodAutoscaler shop/web'],
    [{ persistentvolumeclaim: 'data' }, 'PersistentVolumeClaim shop/data'],
    [{ node: 'worker-7', condition: 'Ready' }, 'Node worker-7'],
    [{ persistentvolume: 'pv-1' }, 'PersistentVolume pv-1'],
    [{ resource_kind: 'ReplicaSet', resource_name: 'web-57f6' }, 'ReplicaSet shop/web-57f6'],
    [{ exported_namespace: 'pay', deployment: 'checkout' }, 'Deployment pay/checkout'],
  ])('a series with %j is about that object', (labels, object) => {
    expect(labelled({ ...KSM, ...labels } as Record<string, string>)).toMatchObject({
      target: null,
      targetProblem: `the alert is about ${object}, not a pod`,
    });
  });

  test.each<Record<string, string>>([
    { ...KSM, phase: 'Terminating' },
    { ...KSM, pod: 'ksm-5d9f8b7c6-abcde', service: 'ksm' },
    {
      namespace: 'monitoring',
      pod: 'prom-prometheus-node-exporter-x2v4z',
      container: 'node-exporter',
      job: 'node-exporter',
    },
    { namespace: 'shop', pod: 'pushgateway-7d9-abcde', job: 'pushgateway' },
  ])('the pod of an exporter is no target: %j', (labels) => {
    expect(labelled(labels)).toMatchObject({
      target: null,
      targetProblem: expect.stringMatching(/exporter/) as string,
    });
  });

  test.each<[Record<string, string>, string, string | null]>([
    [{ ...KSM, pod: 'checkout-1' }, 'checkout-1', null],
    [{ ...KSM, pod: 'checkout-1', container: 'app', node: 'worker-7' }, 'checkout-1', 'app'],
    [
      { namespace: 'shop', pod: 'checkout-57f6-abcde', deployment: 'checkout', container: 'app' },
      'checkout-57f6-abcde',
      'app',
    ],
    [{ namespace: 'shop', pod: 'db-0', statefulset: 'db', container: 'redis-exporter' }, 'db-0', null],
    [{ namespace: 'shop', pod: 'web-1', persistentvolumeclaim: 'data' }, 'web-1', null],
    [
      { namespace: 'shop', pod: 'web-57f6-abcde', service: 'web', job: 'web', container: 'web' },
      'web-57f6-abcde',
      'web',
    ],
  ])('a pod that the series is about stays the target: %j', (labels, pod, container) => {
    expect(labelled(labels).target).toMatchObject({ namespace: 'shop', pod, container });
  });

  test('annotations of other names are its text, where it has none of the usual ones', () => {
    const [entry] = (report('alertmanager-firing') as { alerts: Body[] }).alerts;
    const output = (annotations: Record<string, string>) =>
      firstOf('reports', { ...report('alertmanager-firing'), alerts: [{ ...entry, annotations }] }).output;
    expect(output({ title: 'Disk lost', runbook_url: 'https://r.test', details: 'On worker-3' })).toBe(
      'Disk lost: On worker-3',
    );
    expect(output({ title: 'Disk lost', summary: 'A disk' })).toBe('A disk');
    expect(output({})).toBe('');
  });

  test("an event by way of Falcosidekick's output to Alertmanager has its pod, rule and severity, as a report", () => {
    const labels = {
      alertname: '',
      source: 'falco',
      rule: 'Terminal shell in container',
      eventsource: 'syscall',
      priority: 'Notice',
      severity: 'information',
      k8s_ns_name: 'shop',
      k8s_pod_name: 'checkout-1',
      k8s_pod_uid: '5b0f2a3c-1d4e-4f60-8a71-92b3c4d5e6f7',
      container_name: 'app',
    };
    expect(labelled(labels)).toMatchObject({
      rule: 'Terminal shell in container',
      priority: 'informational',
      trust: 'report',
      target: {
        namespace: 'shop',
        pod: 'checkout-1',
        podUid: '5b0f2a3c-1d4e-4f60-8a71-92b3c4d5e6f7',
        container: 'app',
      },
      fields: { 'label.k8s_pod_name': 'checkout-1' },
    });
    expect(labelled({ ...labels, pod: 'falcosidekick-1', namespace: 'security' }).target).toBeNull();
  });
});

describe('a time that is missing', () => {
  test('time-policy-reporter-1970: is the time of receipt', () => {
    expect(caseOf('time-policy-reporter-1970').time).toBe(RECEIVED_AT.toISOString());
  });

  test.each(['0001-01-01T00:00:00Z', '1970-01-01T00:00:00Z', '1970-01-01T01:00:00+01:00', '1969-12-31T23:59:59.999Z'])(
    '%s is the time of receipt, from every sender',
    (missing) => {
      const group = report('alertmanager-firing') as { alerts: Body[] } & Body;
      const event = (report('pagerduty-triggered') as { event: Body }).event;
      const trivy = report('trivy-vulnerabilities') as { metadata: Body; report: Body };
      const read: [Sender, unknown][] = [
        ['falcosidekick', payload('pod-quarantine-test', { time: missing })],
        ['reports', { ...group, alerts: group.alerts.map((alert) => ({ ...alert, startsAt: missing })) }],
        ['reports', { ...report('policy-reporter-pod'), creationTimestamp: missing }],
        ['pagerDuty', { event: { ...event, occurred_at: missing } }],
        [
          'reports',
          {
            ...trivy,
            metadata: { ...trivy.metadata, creationTimestamp: missing },
            report: { ...trivy.report, updateTimestamp: missing },
          },
        ],
      ];
      for (const [sender, body] of read) expect(firstOf(sender, body).time).toBe(RECEIVED_AT.toISOString());
    },
  );
});

describe('Trivy Operator', () => {
  test('trivy-two-long-names: two workloads are two incidents, each named', () => {
    const [one, two] = (realWorldCase('trivy-two-long-names').input.bodies as Body[]).map((body) =>
      firstOf('reports', body),
    );
    expect(one?.id).not.toBe(two?.id);
    expect(one?.fingerprint).not.toBe(two?.fingerprint);
    for (const [alert, name] of [
      [one, 'payments-production-europe-checkout-service-with-a-long-name-api-57f6c7cffd'],
      [two, 'payments-production-europe-checkout-service-with-a-long-name-job-6d4cf56db6'],
    ] as const) {
      expect(alert?.fields['resource.name']).toBe(name);
      expect(alert?.output).toContain(name);
    }
  });

  test('objects of which only the hash of the name is said are two incidents as well', () => {
    const [one, two] = (realWorldCase('trivy-two-long-names').input.bodies as { metadata: Body }[]).map((body) =>
      firstOf('reports', { ...body, metadata: { ...body.metadata, annotations: null } }),
    );
    expect(one?.id).not.toBe(two?.id);
    expect(one?.fingerprint).not.toBe(two?.fingerprint);
  });

  test.each<[string, (body: Body) => unknown]>([
    ['as it is', (body) => body],
    ['without its kind', (body) => ({ ...body, kind: '', apiVersion: '' })],
    ['with deleted reports on', (body) => ({ verb: 'update', operatorObject: body })],
  ])('trivy-compliance-report: is skipped with the reason, %s', (_how, change) => {
    const body = change(realWorldCase('trivy-compliance-report').input.body as Body);
    expect(normaliseAlerts(body, RECEIVED_AT, 'reports')).toEqual({
      alerts: [],
      skipped: expect.stringMatching(/this is ClusterComplianceReport k8s-cis-1\.23/) as string,
    });
  });

  test("an object whose name is only in its hash has its owner's name", () => {
    const [body] = realWorldCase('trivy-two-long-names').input.bodies as { metadata: Body }[];
    const alert = firstOf('reports', { ...body, metadata: { ...body?.metadata, annotations: null } });
    const [owner] = body?.metadata.ownerReferences as { name: string }[];
    expect(alert.subject).toEqual({ kind: 'ReplicaSet', namespace: 'shop', name: owner?.name });
  });

  test.each<[string, Body]>([
    ['ClusterComplianceReport', { spec: { name: 'cis', cron: '0 */6 * * *' }, status: {} }], // before 0.14
    ['ConfigAuditReport', { report: { summary: [], registry: '' } }],
    ['SbomReport', { report: null }],
    ['ANewReport', { data: {} }],
  ])('a %s is skipped, whatever it holds', (kind, content) => {
    const body = { apiVersion: 'aquasecurity.github.io/v1alpha1', kind, metadata: { name: 'x' }, ...content };
    for (const sent of [body, { verb: 'update', operatorObject: body }])
      expect(normaliseAlerts(sent, RECEIVED_AT, 'reports')).toEqual({
        alerts: [],
        skipped: expect.stringContaining(`this is ${kind} x`) as string,
      });
  });

  test('a report of another kind without its report is refused', () => {
    const { report: _report, ...body } = report('trivy-vulnerabilities');
    expect(() => normaliseAlerts(body, RECEIVED_AT, 'reports')).toThrow(/not an alert/);
  });
});

test("pagerduty-details-text: a text among an incident's details is in the alert's fields", () => {
  const [incident] = normaliseAlerts(report('pagerduty-triggered'), RECEIVED_AT, 'pagerDuty').alerts;
  if (incident === undefined) throw new Error('there is no incident');
  const { fields } = withIncidentAlerts(incident, realWorldCase('pagerduty-details-text').input.alerts);
  expect(fields['alert 1.details']).toBe('pod shop/checkout-1 was killed');
});
