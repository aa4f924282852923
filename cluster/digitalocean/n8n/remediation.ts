import { NEO_WORKFLOWS, PACKAGE, withSettings, type Workflow } from '../../shared/n8n/workflow';
import type { Settings } from '../settings/settings';
import { readWorkflow } from './workflows';

/** The workflows from PagerDuty to Neo and back, with this stack's settings. */
export function remediation(settings: Settings): Workflow[] {
  const { context, pagerDuty, code } = settings;
  const values: Record<string, string> = {
    ...context,
    fromEmail: pagerDuty.email,
    neoUserId: pagerDuty.neoUser ?? '',
    directory: code.directory,
  };
  return NEO_WORKFLOWS.map(readWorkflow).map((read) => withSettings(read, values));
}

/** Nodes that report to Prometheus, Loki and Kubernetes. */
const REPORTING = [`${PACKAGE}.pushgatewayMetrics`, `${PACKAGE}.lokiPush`, `${PACKAGE}.k8sQuarantine`];

/** Which parameter says where a node keeps what it shares with others. */
const STORES: Readonly<Record<string, string>> = {
  [`${PACKAGE}.neoTask`]: 'claims',
  [`${PACKAGE}.securityAlertTrigger`]: 'incidentStore',
};

/** The same without a cluster: incidents and claims are kept in PostgreSQL, and nothing is reported to a cluster. */
export const withoutCluster = (read: Workflow): Workflow => ({
  ...read,
  nodes: read.nodes.map((node) => {
    const stored = STORES[node.type];
    if (stored !== undefined) return { ...node, parameters: { ...node.parameters, [stored]: 'postgres' } };
    return REPORTING.includes(node.type) ? { ...node, disabled: true } : node;
  }),
});
