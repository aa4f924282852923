import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { type KubernetesObject, loadYaml } from '@kubernetes/client-node';

import { INFRASTRUCTURE_NAMESPACES, NAMESPACES } from '../../core/names';
import { objects, ROOT } from '../support/manifests';

interface Route {
  receiver: string;
  matchers?: string[];
  group_by?: string[];
  routes?: Route[];
}
interface Values {
  prometheus: { prometheusSpec: { externalLabels: Record<string, string> } };
  alertmanager: {
    alertmanagerSpec: { secrets: string[] };
    config: {
      inhibit_rules: object[];
      route: Route;
      receivers: {
        name: string;
        pagerduty_configs?: { routing_key_file: string; details: Record<string, string> }[];
      }[];
    };
  };
}

const text = (file: string) => readFileSync(join(ROOT, 'manifests', file), 'utf8');
const { prometheus, alertmanager } = loadYaml<Values>(text('monitoring/alertmanager.yaml'));
const { route, receivers, inhibit_rules } = alertmanager.config;
const [pagerDuty] = receivers.find(({ name }) => name === 'pagerduty')?.pagerduty_configs ?? [];
const context = Object.keys(prometheus.prometheusSpec.externalLabels);

const prometheusRules = objects<
  KubernetesObject & { spec: { groups: { rules: { alert: string; expr: string }[] }[] } }
>('PrometheusRule');
const alerts = prometheusRules
  .filter(({ metadata }) => metadata?.name === 'detectors')
  .flatMap(({ spec }) => spec.groups.flatMap((group) => group.rules));

/** What the matchers of routes to a receiver name by a label. */
const named = (receiver: string, label: string) =>
  (route.routes ?? [])
    .filter((each) => each.receiver === receiver)
    .flatMap(({ matchers = [] }) => matchers)
    .flatMap((matcher) => {
      const [, names = ''] = new RegExp(`^${label} =~? "(.+)"$`).exec(matcher) ?? [];
      return names.split('|').filter((name) => name !== '');
    });

test("each detector's alert has a route to PagerDuty, and nothing else has", () => {
  expect(alerts).toHaveLength(4);
  expect(named('pagerduty', 'alertname').toSorted()).toEqual(alerts.map(({ alert }) => alert).toSorted());
  expect([route.receiver, receivers[0]]).toEqual(['null', { name: 'null' }]);
  expect(inhibit_rules).toEqual([]);
});

test.each(['namespace', 'exported_namespace', 'resource_namespace'])(
  "the infrastructure is silenced by %s, but for the namespaces whose pods are everybody's or n8n's",
  (label) => {
    const without = ['kube-public', 'kube-node-lease', NAMESPACES.responder];
    expect(named('null', label).toSorted()).toEqual(
      [...INFRASTRUCTURE_NAMESPACES].filter((name) => !without.includes(name)).toSorted(),
    );
  },
);

test('rules, and what is to be scraped, count where ours are and nowhere else', () => {
  const { prometheus } = loadYaml<{ prometheus: { prometheusSpec: Record<string, object> } }>(
    readFileSync(join(ROOT, 'manifests/monitoring/kube-prometheus-stack.yaml'), 'utf8'),
  );
  const spec = prometheus.prometheusSpec;
  expect(spec.ruleNamespaceSelector).toEqual({
    matchLabels: { 'kubernetes.io/metadata.name': NAMESPACES.monitoring },
  });
  for (const kind of ['serviceMonitor', 'podMonitor', 'probe', 'scrapeConfig'])
    expect(spec[`${kind}NamespaceSelector`]).toEqual({
      matchExpressions: [
        {
          key: 'kubernetes.io/metadata.name',
          operator: 'In',
          values: [NAMESPACES.monitoring, 'kyverno', 'trivy-system'],
        },
      ],
    });
  for (const { metadata } of prometheusRules) expect(metadata?.namespace).toBe(NAMESPACES.monitoring);
  for (const { metadata } of [...objects('ServiceMonitor'), ...objects('PodMonitor')])
    expect(metadata?.namespace).toBe(NAMESPACES.monitoring);
});

test('groups are made by labels that the rules make', () => {
  for (const label of (route.group_by ?? []).slice(1))
    expect(alerts.some(({ expr }) => new RegExp(`by \\([^)]*\\b${label}\\b`).test(expr))).toBe(true);
});

test('the routing key lies in a Secret that is mounted', () => {
  const [secret] = alertmanager.alertmanagerSpec.secrets;
  expect(pagerDuty?.routing_key_file).toBe(`/etc/alertmanager/secrets/${secret}/routing-key`);
});

describe('the infrastructure context', () => {
  const details = pagerDuty?.details ?? {};

  test("is that of Falco's alerts, in external labels that are empty here", () => {
    const { falcosidekick } = loadYaml<{ falcosidekick: { config: { customfields: string } } }>(
      text('falco/values.yaml'),
    );
    expect(context).toEqual(falcosidekick.config.customfields.split(',').map((field) => field.split(':')[0]));
    expect(new Set(Object.values(prometheus.prometheusSpec.externalLabels))).toEqual(new Set(['']));
  });

  test('arrives as details, and neither routes nor groups by it', () => {
    for (const name of context) expect(details[name]).toBe(`{{ .CommonLabels.${name} }}`);
    expect((route.group_by ?? []).filter((label) => context.includes(label))).toEqual([]);
    expect(JSON.stringify(route)).not.toMatch(new RegExp(context.join('|')));
  });
});

describe('the recordings of what PagerDuty is told', () => {
  interface Recorded {
    routing_key: string;
    dedup_key?: string;
    payload: { summary: string; source: string; severity: string; custom_details: Record<string, unknown> };
  }
  const FOLDER = join(ROOT, 'cluster/local/scenarios');
  const scenarios = readdirSync(FOLDER, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== 'inputs')
    .map(({ name }) => name);
  const read = (scenario: string, which: string) =>
    JSON.parse(readFileSync(join(FOLDER, scenario, `${which}-context.json`), 'utf8')) as Recorded;

  test.each(scenarios)('%s is one that PagerDuty takes, with and without the context', (scenario) => {
    const [withContext, without] = [read(scenario, 'with'), read(scenario, 'without')];
    for (const { routing_key, payload } of [withContext, without]) {
      expect(routing_key).toMatch(/^[0-9a-z]{32}$/);
      expect(payload.summary.length).toBeLessThanOrEqual(1024);
      expect(payload.source).not.toBe('');
      expect(['critical', 'error', 'warning', 'info']).toContain(payload.severity);
      expect(payload.custom_details.subject).toBe(withContext.payload.custom_details.subject);
    }
    expect(without.dedup_key).toBe(withContext.dedup_key);
    for (const name of context) {
      expect(withContext.payload.custom_details[name]).toEqual(expect.any(String));
      expect(without.payload.custom_details[name] ?? null).toBeNull();
    }
  });

  test.each(scenarios.filter((name) => name !== 'shell-in-pod'))(
    '%s has the details that are configured',
    (scenario) => {
      const added = ['firing', 'resolved', 'num_firing', 'num_resolved'];
      const expected = [...Object.keys(pagerDuty?.details ?? {}), ...added].toSorted();
      expect(Object.keys(read(scenario, 'with').payload.custom_details).toSorted()).toEqual(expected);
    },
  );
});
