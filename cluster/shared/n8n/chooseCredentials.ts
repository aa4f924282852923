import type { Credential } from './credentials.js';
import type { Workflow, WorkflowNode } from './workflow.js';

// The files here import each other's types only: Pulumi's loader finds no module by the ending that Node asks for.
const PACKAGE = 'n8n-nodes-incident-pipeline';

/** The credentials of a node's type that do not depend on its parameters. */
const CREDENTIALS_OF_NODE: Readonly<Record<string, readonly string[]>> = {
  [`${PACKAGE}.k8sQuarantine`]: ['kubernetesResponderApi'],
  [`${PACKAGE}.neoTask`]: ['pulumiCloudApi', 'kubernetesResponderApi', 'incidentPostgresApi'],
  [`${PACKAGE}.pushgatewayMetrics`]: ['pushgatewayApi', 'incidentPostgresApi'],
  [`${PACKAGE}.lokiPush`]: ['lokiApi', 'incidentPostgresApi'],
  [`${PACKAGE}.rosesAgent`]: ['incidentPostgresApi'],
  [`${PACKAGE}.raceAgent`]: ['incidentPostgresApi'],
  'n8n-nodes-base.pagerDuty': ['pagerDutyApi'],
  'n8n-nodes-base.emailSend': ['smtp'],
  '@n8n/n8n-nodes-langchain.lmChatOpenAi': ['openAiApi'],
};

/** Of a trigger, by where it keeps incidents; in memory it needs none. */
const CREDENTIALS_OF_STORE: Readonly<Record<string, readonly string[]>> = {
  kubernetes: ['kubernetesResponderApi'],
  postgres: ['incidentPostgresApi'],
};

/** A trigger without a chosen sender gets no credential, and does not start. */
const CREDENTIALS_OF_SENDER: Readonly<Record<string, readonly string[]>> = {
  falcosidekick: ['securityAlertSecretApi'],
  reports: ['securityReportSecretApi'],
  pagerDuty: ['pagerDutyWebhookApi'],
};

function typesOf({ type, parameters }: WorkflowNode): readonly string[] {
  if (type === `${PACKAGE}.securityAlertTrigger`) {
    const { sender, incidentStore } = parameters;
    return [...(CREDENTIALS_OF_SENDER[String(sender)] ?? []), ...(CREDENTIALS_OF_STORE[String(incidentStore)] ?? [])];
  }
  if (type === 'n8n-nodes-base.httpRequest')
    return typeof parameters.genericAuthType === 'string' ? [parameters.genericAuthType] : [];
  return CREDENTIALS_OF_NODE[type] ?? [];
}

/** The workflow as a person would set it up: every node with the credentials that there are for it. */
export function chooseCredentials(workflow: Workflow, available: readonly Credential[]): Workflow {
  const byType = new Map(available.map(({ id, name, type }) => [type, { id, name }]));
  const withCredentials = (node: WorkflowNode): WorkflowNode => {
    const chosen = typesOf(node).flatMap((type) => {
      const credential = byType.get(type);
      return credential === undefined ? [] : [[type, credential] as const];
    });
    return chosen.length === 0
      ? node
      : { ...node, credentials: { ...node.credentials, ...Object.fromEntries(chosen) } };
  };
  return { ...workflow, nodes: workflow.nodes.map(withCredentials) };
}

/** What a node can do without: it then keeps in a file. */
const OPTIONAL: readonly string[] = ['incidentPostgresApi'];

/** The enabled nodes that have no credential of a type that they need, by name. */
export function nodesToComplete({ nodes }: Workflow): string[] {
  const lacks = (node: WorkflowNode): boolean =>
    typesOf(node).some((type) => !OPTIONAL.includes(type) && node.credentials?.[type] === undefined);
  return nodes.filter((node) => node.disabled !== true && lacks(node)).map(({ name }) => name);
}
