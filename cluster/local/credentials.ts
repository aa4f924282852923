import { SECRET_HEADER } from '../../core/names.js';
import type { Model } from './model.js';

const PACKAGE = 'n8n-nodes-incident-pipeline';
const CHAT_MODEL = '@n8n/n8n-nodes-langchain.lmChatOpenAi';

/** A credential in the form that `n8n import:credentials` takes. */
export interface Credential {
  id: string;
  name: string;
  type: string;
  data: Record<string, unknown>;
}

export interface CredentialSources {
  webhookSecret: string;
  /** Fields of the credential Kubernetes Responder API. */
  kubernetes: Record<string, string>;
  pushgatewayUrl: string;
  lokiUrl: string;
  model: Model | undefined;
}

export function credentials(sources: CredentialSources): Credential[] {
  const { webhookSecret, kubernetes, pushgatewayUrl, lokiUrl, model } = sources;
  const always: Credential[] = [
    {
      id: 'incident-alert-secret',
      name: `Secret in ${SECRET_HEADER}`,
      type: 'securityAlertSecretApi',
      data: { secret: webhookSecret },
    },
    { id: 'incident-kubernetes', name: 'Cluster', type: 'kubernetesResponderApi', data: { ...kubernetes } },
    { id: 'incident-pushgateway', name: 'Pushgateway', type: 'pushgatewayApi', data: { url: pushgatewayUrl } },
    { id: 'incident-loki', name: 'Loki', type: 'lokiApi', data: { url: lokiUrl } },
  ];
  if (!model) return always;
  const { apiKey, url } = model;
  return [
    ...always,
    { id: 'incident-model', name: 'Chat model', type: 'openAiApi', data: { apiKey, url, header: false } },
  ];
}

const CREDENTIAL_OF_NODE: Record<string, string> = {
  [`${PACKAGE}.securityAlertTrigger`]: 'securityAlertSecretApi',
  [`${PACKAGE}.k8sQuarantine`]: 'kubernetesResponderApi',
  [`${PACKAGE}.pushgatewayMetrics`]: 'pushgatewayApi',
  [`${PACKAGE}.lokiPush`]: 'lokiApi',
  [CHAT_MODEL]: 'openAiApi',
};

export interface WorkflowNode {
  type: string;
  parameters: Record<string, unknown>;
  credentials?: Record<string, { id: string; name: string }>;
  disabled?: boolean;
  [key: string]: unknown;
}

export interface Workflow {
  id: string;
  name: string;
  nodes: WorkflowNode[];
  [key: string]: unknown;
}

/** The workflow as a person would set it up: every node with its credential chosen, the chat model on if there is one. */
export function withCredentials(workflow: Workflow, available: Credential[], model: Model | undefined): Workflow {
  const byType = new Map(available.map((credential) => [credential.type, credential]));
  const nodes = workflow.nodes.map((node) => {
    const credential = byType.get(CREDENTIAL_OF_NODE[node.type] ?? '');
    const chosen = credential
      ? {
          ...node,
          credentials: { ...node.credentials, [credential.type]: { id: credential.id, name: credential.name } },
        }
      : node;
    return node.type === CHAT_MODEL && model ? withModel(chosen, model) : chosen;
  });
  return { ...workflow, nodes };
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
