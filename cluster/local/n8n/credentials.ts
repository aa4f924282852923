import { SECRET_HEADER } from '../../../core/names.js';
import type { Model } from './model.js';

const PACKAGE = 'n8n-nodes-incident-pipeline';
const TRIGGER = `${PACKAGE}.securityAlertTrigger`;
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
  /** What PagerDuty and Pulumi Cloud want, where there are any. */
  neo?: NeoCredentials | undefined;
}

export interface NeoCredentials {
  signingSecret: string;
  pagerDutyToken: string;
  pulumiToken: string;
  organization: string;
}

export function credentials(sources: CredentialSources): Credential[] {
  const { webhookSecret, kubernetes, pushgatewayUrl, lokiUrl, model, neo } = sources;
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
    ...(neo === undefined ? [] : neoCredentials(neo)),
  ];
  if (!model) return always;
  const { apiKey, url } = model;
  return [
    ...always,
    { id: 'incident-model', name: 'Chat model', type: 'openAiApi', data: { apiKey, url, header: false } },
  ];
}

function neoCredentials({ signingSecret, pagerDutyToken, pulumiToken, organization }: NeoCredentials): Credential[] {
  return [
    {
      id: 'incident-pagerduty-webhook',
      name: 'PagerDuty Signing Secret',
      type: 'pagerDutyWebhookApi',
      data: { secrets: signingSecret },
    },
    { id: 'incident-pagerduty', name: 'PagerDuty', type: 'pagerDutyApi', data: { apiToken: pagerDutyToken } },
    {
      id: 'incident-pagerduty-header',
      name: 'PagerDuty Header',
      type: 'httpHeaderAuth',
      data: { name: 'Authorization', value: `Token token=${pagerDutyToken}` },
    },
    {
      id: 'incident-pulumi',
      name: 'Pulumi Cloud',
      type: 'pulumiCloudApi',
      data: { url: 'https://api.pulumi.com', organization, accessToken: pulumiToken },
    },
  ];
}

const HTTP_REQUEST = 'n8n-nodes-base.httpRequest';

/** The credential types of a node that decide by its parameters. */
function typesOf({ type, parameters }: WorkflowNode): string[] {
  if (type === HTTP_REQUEST) return parameters.genericAuthType === 'httpHeaderAuth' ? ['httpHeaderAuth'] : [];
  if (type === TRIGGER) return CREDENTIALS_OF_SENDER[String(parameters.sender)] ?? [];
  return CREDENTIALS_OF_NODE[type] ?? [];
}

/** A trigger without a chosen sender gets no credential, and does not start. */
const CREDENTIALS_OF_SENDER: Record<string, string[]> = {
  falcosidekick: ['securityAlertSecretApi'],
  reports: ['securityReportSecretApi'],
  pagerDuty: ['pagerDutyWebhookApi'],
};

const CREDENTIALS_OF_NODE: Record<string, string[]> = {
  [`${PACKAGE}.k8sQuarantine`]: ['kubernetesResponderApi'],
  [`${PACKAGE}.neoTask`]: ['pulumiCloudApi', 'kubernetesResponderApi'],
  [`${PACKAGE}.pushgatewayMetrics`]: ['pushgatewayApi'],
  [`${PACKAGE}.lokiPush`]: ['lokiApi'],
  'n8n-nodes-base.pagerDuty': ['pagerDutyApi'],
  [CHAT_MODEL]: ['openAiApi'],
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
    const found = typesOf(node).flatMap((type) => byType.get(type) ?? []);
    const entries = found.map(({ id, name, type }) => [type, { id, name }] as const);
    const chosen =
      found.length === 0 ? node : { ...node, credentials: { ...node.credentials, ...Object.fromEntries(entries) } };
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
