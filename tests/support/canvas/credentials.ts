import { readdirSync } from 'node:fs';
import { join } from 'node:path';

import { type ICredentialType, type INode, NodeHelpers } from 'n8n-workflow';

import { ROOT } from '../manifests';
import type { WorkflowNode } from '../workflows';
import { descriptionOf } from './nodes';

/** Of n8n's own nodes, as their lists of credentials call them. */
const OF_N8N: Readonly<Record<string, string>> = {
  'n8n-nodes-base.pagerDuty': 'PagerDuty API',
  'n8n-nodes-base.emailSend': 'SMTP',
  'n8n-nodes-base.slack': 'Slack API',
  '@n8n/n8n-nodes-langchain.lmChatOpenAi': 'OpenAI',
};
const OF_REQUESTS: Readonly<Record<string, string>> = { httpHeaderAuth: 'Header Auth', httpCustomAuth: 'Custom Auth' };

/** Names of the credentials that a person has to choose in a node as it is set. */
export function credentialsOf(node: WorkflowNode): string[] {
  const own = OF_N8N[node.type] ?? OF_REQUESTS[String(node.parameters.genericAuthType)];
  if (own !== undefined) return [own];
  const type = descriptionOf(node);
  if (type === undefined) return [];
  const parameters = node.parameters as INode['parameters'];
  const all = NodeHelpers.getNodeParameters(type.properties, parameters, true, false, node, type) ?? {};
  return (type.credentials ?? [])
    .filter(({ required }) => required === true)
    .filter((credential) => NodeHelpers.displayParameter(all, credential, node, type))
    .map(({ name }) => displayNameOf(name));
}

function displayNameOf(type: string): string {
  const folder = join(ROOT, 'credentials');
  const file = readdirSync(folder).find((one) => one.toLowerCase() === `${type}.credentials.ts`.toLowerCase()) ?? '';
  const classes = jest.requireActual<Record<string, new () => ICredentialType>>(join(folder, file));
  const [Credential] = Object.values(classes);
  if (Credential === undefined) throw new Error(`no credential type ${type}`);
  return new Credential().displayName;
}
