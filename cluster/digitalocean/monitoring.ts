import type { Input, Output, Resource } from '@pulumi/pulumi';
import { kubePrometheusStack } from './differences';
import type { Base } from './kubernetes/base';
import type { Install } from './kubernetes/install';
import { readKustomization } from './repository/manifests';
import { readValues } from './repository/values';
import { pinnedChart } from './repository/versions';
import type { InfrastructureContext } from './settings/settings';

const NAMESPACE = 'monitoring';

export interface MonitoringSecrets {
  grafanaPassword: Output<string>;
  routingKey: Output<string>;
}

/** Metrics, logs, dashboards, and Alertmanager, which sends the detectors' alerts to PagerDuty. */
export function monitoring(
  install: Install,
  { namespaces, admission }: Base,
  context: InfrastructureContext,
  { grafanaPassword, routingKey }: MonitoringSecrets,
): Resource {
  const stores = install.objects('monitoring', readKustomization('manifests/monitoring'), [namespaces]);
  const secret = (name: string, data: Record<string, Input<string>>): Resource =>
    install.secret({ namespace: NAMESPACE, name, data }, [namespaces]);
  const secrets = [
    secret('grafana-admin', { 'admin-user': 'admin', 'admin-password': grafanaPassword }),
    secret('alertmanager-pagerduty', { 'routing-key': routingKey }),
  ];
  const prometheus = install.chart(
    pinnedChart('kube-prometheus-stack', 'PROMETHEUS'),
    NAMESPACE,
    [
      readValues('manifests/monitoring/kube-prometheus-stack.yaml'),
      readValues('manifests/monitoring/alertmanager.yaml'),
      kubePrometheusStack(context),
    ],
    [admission, ...secrets],
  );
  install.ofChart(readKustomization('manifests/monitoring/rules'), prometheus);
  install.ofChart(readKustomization('manifests/monitoring/detectors'), prometheus);
  install.chart(
    pinnedChart('alloy', 'ALLOY'),
    NAMESPACE,
    [readValues('manifests/monitoring/alloy.yaml')],
    [admission, stores],
  );
  return prometheus;
}
