import { z } from 'zod/v4';
import { readText } from '../repository/paths';
import type { Credential } from './credentials';

/** Those that both of the following call, by these ids, or name as their error workflow. A workflow's file is named by its id. */
export const SHARED = ['notify', 'pipeline-failure', 'record-incident'];

/** From PagerDuty to Neo, and from Neo back to people. */
export const REMEDIATION = ['neo-task-report', 'pagerduty-to-neo'];

/** Those that KIND runs too. */
export const PIPELINE = ['carry-out-decision', 'incident-pipeline', 'incident-approval', 'quarantine-review'];

/** Imported, and published by the person who gives it credentials of a mail server or a chat. */
export const BY_MESSAGE = 'incident-approval-message';

const workflow = z.looseObject({
  id: z.string(),
  name: z.string(),
  nodes: z.array(
    z.looseObject({
      name: z.string(),
      type: z.string(),
      parameters: z.record(z.string(), z.unknown()).default({}),
      credentials: z.record(z.string(), z.unknown()).optional(),
      disabled: z.boolean().optional(),
    }),
  ),
});
export type Workflow = z.infer<typeof workflow>;
export type Node = Workflow['nodes'][number];

export const readWorkflow = (id: string): Workflow => workflow.parse(JSON.parse(readText(`workflows/${id}.json`)));

export const PACKAGE = 'n8n-nodes-incident-pipeline';

/** The credentials of a node's type that do not depend on its parameters. */
const CREDENTIALS_OF: Record<string, string[]> = {
  [`${PACKAGE}.k8sQuarantine`]: ['kubernetesResponderApi'],
  [`${PACKAGE}.neoTask`]: ['pulumiCloudApi', 'kubernetesResponderApi', 'claimsPostgresApi'],
  [`${PACKAGE}.pushgatewayMetrics`]: ['pushgatewayApi'],
  [`${PACKAGE}.lokiPush`]: ['lokiApi'],
  'n8n-nodes-base.pagerDuty': ['pagerDutyApi'],
};

/** A trigger without a chosen sender gets no credential, and does not start. */
const CREDENTIALS_OF_SENDER: Record<string, string[]> = {
  falcosidekick: ['securityAlertSecretApi'],
  reports: ['securityReportSecretApi'],
  pagerDuty: ['pagerDutyWebhookApi'],
};

function typesOf({ type, parameters }: Node): string[] {
  if (type === `${PACKAGE}.securityAlertTrigger`) return CREDENTIALS_OF_SENDER[String(parameters.sender)] ?? [];
  if (type === 'n8n-nodes-base.httpRequest')
    return typeof parameters.genericAuthType === 'string' ? [parameters.genericAuthType] : [];
  return CREDENTIALS_OF[type] ?? [];
}

/** The workflow as a person would set it up: every node with the credentials that there are for it. */
export function withCredentials(read: Workflow, available: Credential[]): Workflow {
  const byType = new Map(available.map(({ id, name, type }) => [type, { id, name }]));
  return { ...read, nodes: read.nodes.map((node) => withCredential(node, byType)) };
}

function withCredential(node: Node, byType: Map<string, { id: string; name: string }>): Node {
  const chosen = typesOf(node).flatMap((type) => {
    const credential = byType.get(type);
    return credential === undefined ? [] : [[type, credential] as const];
  });
  return chosen.length === 0 ? node : { ...node, credentials: { ...node.credentials, ...Object.fromEntries(chosen) } };
}
