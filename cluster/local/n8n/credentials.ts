import type { PostgresAccess } from '../../../adapters/postgres/access.js';
import { chooseCredentials } from '../../shared/n8n/chooseCredentials.js';
import {
  type Credential,
  modelCredential,
  type NeoAccess,
  neoCredentials,
  type PipelineAccess,
  pipelineCredentials,
  postgresCredential,
} from '../../shared/n8n/credentials.js';
import { CHAT_MODEL, type Workflow, type WorkflowNode } from '../../shared/n8n/workflow.js';
import type { Model } from './model.js';

export interface CredentialSources extends PipelineAccess {
  model: Model | undefined;
  /** What PagerDuty and Pulumi Cloud want, where there are any. */
  neo?: NeoAccess | undefined;
  /** The database in which several processes of n8n count, and keep what they could not send; one process has a file. */
  database?: PostgresAccess | undefined;
}

export function credentials({ model, neo, database, ...pipeline }: CredentialSources): Credential[] {
  return [
    ...pipelineCredentials(pipeline),
    ...(neo === undefined ? [] : neoCredentials(neo)),
    ...(database === undefined ? [] : [postgresCredential({ ...database })]),
    ...(model === undefined ? [] : [modelCredential(model)]),
  ];
}

/** The workflow as a person would set it up: every node with its credential chosen, the chat model on if there is one. */
export function withCredentials(workflow: Workflow, available: Credential[], model: Model | undefined): Workflow {
  const chosen = chooseCredentials(workflow, available);
  if (model === undefined) return chosen;
  return { ...chosen, nodes: chosen.nodes.map((node) => (node.type === CHAT_MODEL ? withModel(node, model) : node)) };
}

function withModel(node: WorkflowNode, model: Model): WorkflowNode {
  return {
    ...node,
    disabled: false,
    parameters: {
      ...node.parameters,
      model: { __rl: true, mode: 'id', value: model.name },
      // Compatible servers have the older completions endpoint; few have the newer one.
      responsesApiEnabled: false,
    },
  };
}
