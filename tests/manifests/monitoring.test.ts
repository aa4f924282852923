import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import {
  type KubernetesObject,
  loadYaml,
  type V1Deployment,
  type V1NetworkPolicy,
  type V1Service,
  type V1StatefulSet,
} from '@kubernetes/client-node';

import { PORTS } from '../../cluster/local/process/ports';
import { JOB, NAMESPACES } from '../../core/names';
import { COUNTERS, GAUGES, HISTOGRAMS } from '../../core/telemetry/metrics';
import { loadDashboard, queries } from '../support/dashboard';
import { objects, ROOT } from '../support/manifests';
import { demandedLabels, metricNames } from '../support/promql';

const OURS = new Set([
  ...Object.keys(GAUGES),
  ...Object.keys(COUNTERS),
  ...Object.keys(HISTOGRAMS).flatMap((name) => ['bucket', 'sum', 'count'].map((part) => `${name}_${part}`)),
]);

/** Made by others. */
const FOREIGN = new Set([
  ...['up', 'push_time_seconds'],
  ...['inputs', 'falco_events', 'outputs'].map((counter) => `falcosecurity_falcosidekick_${counter}_total`),
  ...['kube_node_info', 'kube_deployment_spec_replicas', 'kube_deployment_status_replicas_available'],
  'n8n_scaling_mode_queue_jobs_waiting',
  'trivy_image_vulnerabilities',
  ...['kyverno_policy_results_total', 'kyverno_validating_policy_results_total'],
  ...['container_memory_working_set_bytes', 'container_cpu_cfs_periods_total'],
  'container_cpu_cfs_throttled_periods_total',
  ...['kube_pod_container_resource_limits', 'kube_pod_container_status_restarts_total'],
  'kube_pod_container_status_last_terminated_reason',
]);

interface Rule {
  alert: string;
  expr: string;
  labels: { severity: string };
  annotations: { summary: string; description: string; runbook_url?: string };
}
/** Where each PrometheusRule's alerts are explained and shown. */
const TOLD: Record<string, { docs: string; examples: string }> = {
  'incident-pipeline': { docs: 'docs/runbook.md', examples: 'tests/deploy/rules/examples.yaml' },
  detectors: { docs: 'docs/detectors.md', examples: 'tests/deploy/rules/detectors.yaml' },
};
const rules = objects<KubernetesObject & { spec: { groups: { rules: Rule[] }[] } }>('PrometheusRule').flatMap(
  ({ metadata, spec }) =>
    spec.groups.flatMap((group) => group.rules.map((rule) => ({ ...rule, ...TOLD[metadata?.name ?? ''] }))),
);
const asked = queries(loadDashboard());

const expressions: [where: string, expr: string][] = [
  ...rules.map(({ alert, expr }): [string, string] => [alert, expr]),
  ...asked
    .filter(({ source }) => source === 'prometheus')
    .map(({ panel, expr }): [string, string] => [`panel ${panel}`, expr]),
];

describe('what is asked of Prometheus', () => {
  test.each(expressions)('%s reads metrics that are made, by labels that they have', (_where, expr) => {
    const names = metricNames(expr);
    expect(names).not.toEqual([]);
    expect(names.filter((name) => !OURS.has(name) && !FOREIGN.has(name))).toEqual([]);
    for (const [metric, label, value] of demandedLabels(expr)) {
      const definition: object | undefined = Object.entries(COUNTERS).find(([name]) => name === metric)?.[1];
      if (definition === undefined || !('known' in definition)) continue;
      expect(definition.known).toContainEqual(expect.objectContaining({ [label]: value }));
    }
  });

  test('names are found wherever they stand', () => {
    expect(
      metricNames(
        'sum by (le) (rate(a_bucket{x="not{this"}[5m])) / b offset 10m > 1.5e3 unless on(job) c:d or vector(1)',
      ),
    ).toEqual(['a_bucket', 'b', 'c:d']);
  });
});

describe('the dashboard', () => {
  const dashboard = loadDashboard();

  test('is one that Grafana takes as it is, and finds again', () => {
    expect(dashboard).toMatchObject({ id: null, uid: JOB, schemaVersion: 42 });
    const kinds = dashboard.panels.map(({ type }) => type);
    for (const kind of ['timeseries', 'piechart', 'heatmap', 'stat', 'table']) expect(kinds).toContain(kind);
  });

  test.each([
    'avg_over_time(incident_pipeline_mtta_seconds[24h])',
    'avg_over_time(incident_pipeline_mttr_seconds[24h])',
    'sum(incident_pipeline_incident_total{classification="false_positive"}) / sum(incident_pipeline_incident_total)',
    'sum by(decision) (incident_pipeline_decision_total)',
    'sum(incident_pipeline_incident_total) by (classification)',
    '{job="incident-pipeline"}',
  ])('asks %s', (query) => {
    expect(asked.map(({ expr }) => expr)).toContain(query);
  });

  test('asks the two data sources that Grafana is given', () => {
    const { grafana } = values('kube-prometheus-stack') as {
      grafana: { additionalDataSources: { uid: string; url: string }[]; sidecar: { datasources: { uid: string } } };
    };
    const given = [grafana.sidecar.datasources.uid, ...grafana.additionalDataSources.map(({ uid }) => uid)];
    expect([...new Set(asked.map(({ source }) => source))].sort()).toEqual(given.sort());
    expect(grafana.additionalDataSources[0]?.url).toBe(`http://loki.${NAMESPACES.monitoring}:3100`);
  });
});

describe('the rules', () => {
  test.each(rules)(
    '$alert says how bad it is and what to do, and the docs describe it',
    ({ alert, labels, annotations, docs = '', examples = '' }) => {
      expect(['critical', 'warning']).toContain(labels.severity);
      expect(annotations).toMatchObject({
        summary: expect.any(String) as string,
        description: expect.any(String) as string,
      });
      expect(readFileSync(join(ROOT, docs), 'utf8')).toMatch(new RegExp(`\`${alert}\`|^### ${alert}$`, 'm'));
      expect(readFileSync(join(ROOT, examples), 'utf8')).toContain(`alertname: ${alert}\n`);
    },
  );
});

describe('the runbook', () => {
  const ours = rules.filter(({ docs }) => docs === 'docs/runbook.md');
  const [, ...sections] = readFileSync(join(ROOT, 'docs/runbook.md'), 'utf8').split(/^### /m);
  const titles = sections.map((section) => section.slice(0, section.indexOf('\n')));

  test('has a section for each rule, in their order, and no other', () => {
    expect(titles).toEqual(ours.map(({ alert }) => alert));
  });

  test.each(ours)('is linked by $alert', ({ alert, annotations }) => {
    expect(annotations.runbook_url).toBe(`docs/runbook.md#${alert.toLowerCase()}`);
  });

  test.each(sections)('says what it means, where to look, what to do and when it ends: %#', (section) => {
    expect(section.match(/^\*\*\w+:\*\*/gm)).toEqual(['**Meaning:**', '**Look:**', '**Do:**', '**Ends:**']);
  });
});

describe('Loki and Pushgateway', () => {
  const ours = <T extends KubernetesObject>(kind: string) =>
    objects<T>(kind).filter(({ metadata }) => ['loki', 'pushgateway'].includes(metadata?.name ?? ''));
  const workloads = [...ours<V1StatefulSet>('StatefulSet'), ...ours<V1Deployment>('Deployment')];

  test('have no right that they do not need', () => {
    expect(workloads.map(({ metadata }) => metadata?.name)).toEqual(['loki', 'pushgateway']);
    for (const { spec } of workloads) {
      const pod = spec?.template.spec;
      expect(pod).toMatchObject({
        automountServiceAccountToken: false,
        enableServiceLinks: false,
        securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
      });
      for (const { securityContext, resources } of pod?.containers ?? []) {
        expect(securityContext).toEqual({
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ['ALL'] },
        });
        expect(resources?.limits?.memory).toBeDefined();
      }
    }
  });

  test('are each behind a NetworkPolicy that lets n8n in', () => {
    const policies = ours<V1NetworkPolicy>('NetworkPolicy');
    expect(policies.map(({ metadata }) => metadata?.name)).toEqual(workloads.map(({ metadata }) => metadata?.name));
    for (const { spec } of policies)
      expect(spec?.ingress?.[0]?._from).toContainEqual({
        namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': NAMESPACES.responder } },
      });
  });

  test('and Prometheus are where the embedded stack has them', () => {
    const [pushgateway] = ours<V1Service>('Service').filter(({ spec }) => spec?.type === 'NodePort');
    expect(pushgateway?.spec?.ports?.[0]?.nodePort).toBe(PORTS.pushgateway);
    expect(values('kube-prometheus-stack')).toMatchObject({ prometheus: { service: { nodePort: PORTS.prometheus } } });
  });
});

function values(chart: string): object {
  return loadYaml<object>(readFileSync(join(ROOT, `manifests/monitoring/${chart}.yaml`), 'utf8'));
}
