import { z } from 'zod/v4';
import type { Settings } from '../settings/settings';
import { type Node, PACKAGE, readWorkflow, REMEDIATION, type Workflow } from './workflows';

/** The node in which a person sets where the code is. */
const SETTINGS_NODE = 'Settings';

const assignments = z.looseObject({
  assignments: z.looseObject({ assignments: z.array(z.looseObject({ name: z.string(), value: z.unknown() })) }),
});

/** The workflows from PagerDuty to Neo and back, with this stack's settings. */
export function remediation(settings: Settings): Workflow[] {
  const { context, pagerDuty, code } = settings;
  const values: Record<string, string> = {
    ...context,
    fromEmail: pagerDuty.email,
    neoUserId: pagerDuty.neoUser ?? '',
    directory: code.directory,
  };
  return REMEDIATION.map(readWorkflow).map((read) => ({
    ...read,
    nodes: read.nodes.map((node) => (node.name === SETTINGS_NODE ? filled(node, values) : node)),
  }));
}

function filled(node: Node, values: Record<string, string>): Node {
  const parameters = assignments.parse(node.parameters);
  const all = parameters.assignments.assignments.map((each) => ({
    ...each,
    value: values[each.name.replace('settings.', '')] ?? each.value,
  }));
  return { ...node, parameters: { ...parameters, assignments: { assignments: all } } };
}

/** Nodes that report to Prometheus, Loki and Kubernetes. */
const TELLING = [`${PACKAGE}.pushgatewayMetrics`, `${PACKAGE}.lokiPush`, `${PACKAGE}.k8sQuarantine`];

/** The same without a cluster: claims are kept in PostgreSQL, and nothing is reported to a cluster. */
export const withoutCluster = (read: Workflow): Workflow => ({
  ...read,
  nodes: read.nodes.map((node) => {
    if (node.type === `${PACKAGE}.neoTask`) return { ...node, parameters: { ...node.parameters, claims: 'postgres' } };
    return TELLING.includes(node.type) ? { ...node, disabled: true } : node;
  }),
});
