import { z } from 'zod/v4';
import { readText } from '../repository/paths';
import type { Credential } from './credentials';

export const REMEDIATION = 'pagerduty-to-neo';

/** Those that KIND runs too; a workflow’s file bears its id. */
export const PIPELINE = ['incident-pipeline', 'incident-approval', 'quarantine-review'];

const workflow = z.looseObject({
  id: z.string(),
  name: z.string(),
  nodes: z.array(
    z.looseObject({
      type: z.string(),
      parameters: z.record(z.string(), z.unknown()).default({}),
      credentials: z.record(z.string(), z.unknown()).optional(),
    }),
  ),
});
type Workflow = z.infer<typeof workflow>;
type Node = Workflow['nodes'][number];

const PACKAGE = 'n8n-nodes-incident-pipeline';

/** What a node of ours may be given. The trigger takes what its sender proves itself with. */
const CREDENTIALS_OF: Record<string, (node: Node) => string[]> = {
  [`${PACKAGE}.securityAlertTrigger`]: ({ parameters }) =>
    parameters.sender === 'pagerDuty' ? ['pagerDutyWebhookApi'] : ['securityAlertSecretApi'],
  [`${PACKAGE}.k8sQuarantine`]: () => ['kubernetesResponderApi'],
  [`${PACKAGE}.pushgatewayMetrics`]: () => ['pushgatewayApi'],
  [`${PACKAGE}.lokiPush`]: () => ['lokiApi'],
  [`${PACKAGE}.neoTask`]: () => ['pulumiCloudApi', 'pagerDutyApi', 'kubernetesResponderApi', 'postgres'],
};

/** A node says itself which credential of a type it wants (`credentials`), or n8n’s HTTP Request which type. */
function typesOf(node: Node): string[] {
  const { nodeCredentialType } = node.parameters;
  return [
    ...(CREDENTIALS_OF[node.type]?.(node) ?? []),
    ...Object.keys(node.credentials ?? {}),
    ...(typeof nodeCredentialType === 'string' ? [nodeCredentialType] : []),
  ];
}

export const readWorkflow = (id: string): Workflow => workflow.parse(JSON.parse(readText(`workflows/${id}.json`)));

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
