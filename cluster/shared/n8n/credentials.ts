/** A credential in the form that `n8n import:credentials` takes. Ids are fixed: a second import replaces the first. */
export interface Credential {
  id: string;
  name: string;
  type: string;
  data: Record<string, unknown>;
}

/** What the pipeline needs to reach. */
export interface PipelineAccess {
  webhookSecret: string;
  /** Fields of the credential Kubernetes Responder API. */
  kubernetes: Readonly<Record<string, string>>;
  pushgatewayUrl: string;
  lokiUrl: string;
}

/** How an n8n that runs in the cluster reaches what is there. */
export const IN_CLUSTER: Omit<PipelineAccess, 'webhookSecret'> = {
  kubernetes: { authentication: 'serviceAccount', server: 'https://kubernetes.default.svc' },
  pushgatewayUrl: 'http://pushgateway.monitoring.svc.cluster.local:9091',
  lokiUrl: 'http://loki.monitoring.svc.cluster.local:3100',
};

/** What the workflows from an alert to what was done about it need. */
export function pipelineCredentials(access: PipelineAccess): Credential[] {
  const { webhookSecret, kubernetes, pushgatewayUrl, lokiUrl } = access;
  return [
    {
      id: 'incident-alert-secret',
      name: 'Secret in X-Alert-Secret',
      type: 'securityAlertSecretApi',
      data: { secret: webhookSecret },
    },
    { id: 'incident-kubernetes', name: 'Cluster', type: 'kubernetesResponderApi', data: { ...kubernetes } },
    { id: 'incident-pushgateway', name: 'Pushgateway', type: 'pushgatewayApi', data: { url: pushgatewayUrl } },
    { id: 'incident-loki', name: 'Loki', type: 'lokiApi', data: { url: lokiUrl } },
  ];
}

/** What PagerDuty and Pulumi Cloud ask for. */
export interface NeoAccess {
  signingSecret: string;
  pagerDutyToken: string;
  pulumiToken: string;
  organization: string;
}

/** What the workflows from PagerDuty to Neo and back need. */
export function neoCredentials({ signingSecret, pagerDutyToken, pulumiToken, organization }: NeoAccess): Credential[] {
  return [
    {
      id: 'incident-pagerduty-webhook',
      name: 'PagerDuty Signing Secret',
      type: 'pagerDutyWebhookApi',
      data: { secrets: signingSecret },
    },
    { id: 'incident-pagerduty', name: 'PagerDuty', type: 'pagerDutyApi', data: { apiToken: pagerDutyToken } },
    // For what n8n's PagerDuty node cannot do.
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

/** What the chat model node needs. */
export function modelCredential({ apiKey, url }: { apiKey: string; url: string }): Credential {
  return { id: 'incident-model', name: 'Chat model', type: 'openAiApi', data: { apiKey, url, header: false } };
}

/**
 * Where incidents and claims are kept when no cluster keeps them, and what several processes of n8n count and have to send.
 * The server's certificate is verified, unless the data says that there is none.
 */
export function postgresCredential(data: Readonly<Record<string, unknown>>): Credential {
  return {
    id: 'incident-postgres',
    name: 'Incident PostgreSQL',
    type: 'incidentPostgresApi',
    data: { tls: 'verify', ...data },
  };
}
