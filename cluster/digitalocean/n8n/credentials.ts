import { all, type Output } from '@pulumi/pulumi';
import type { Settings } from '../settings/settings';
import type { Database } from './database';

/** A credential in the form that `n8n import:credentials` takes. */
export interface Credential {
  id: string;
  name: string;
  type: string;
  data: Record<string, unknown>;
}

/** What the workflow from PagerDuty to Neo needs, wherever n8n runs. Ids are fixed: a second import replaces the first. */
export function remediationCredentials(settings: Settings, signingSecret: Output<string>): Output<Credential[]> {
  const { pagerDuty, pulumi } = settings;
  return all([signingSecret, pagerDuty.token, pulumi.accessToken]).apply(
    ([secrets, apiToken, accessToken]): Credential[] => [
      {
        id: 'incident-pagerduty-webhook',
        name: 'PagerDuty Signing Secret',
        type: 'pagerDutyWebhookApi',
        data: { secrets },
      },
      { id: 'incident-pagerduty', name: 'PagerDuty', type: 'pagerDutyApi', data: { apiToken } },
      // For what n8n's PagerDuty node cannot do.
      {
        id: 'incident-pagerduty-header',
        name: 'PagerDuty Header',
        type: 'httpHeaderAuth',
        data: { name: 'Authorization', value: `Token token=${apiToken}` },
      },
      {
        id: 'incident-pulumi',
        name: 'Pulumi Cloud',
        type: 'pulumiCloudApi',
        data: { url: 'https://api.pulumi.com', organization: pulumi.organization, accessToken },
      },
    ],
  );
}

/** What the pipeline needs in its own cluster; the same as on KIND. */
export const clusterCredentials = (webhookSecret: Output<string>): Output<Credential[]> =>
  webhookSecret.apply((secret): Credential[] => [
    { id: 'incident-alert-secret', name: 'Secret in X-Alert-Secret', type: 'securityAlertSecretApi', data: { secret } },
    {
      id: 'incident-kubernetes',
      name: 'Cluster',
      type: 'kubernetesResponderApi',
      data: { authentication: 'serviceAccount', server: 'https://kubernetes.default.svc' },
    },
    {
      id: 'incident-pushgateway',
      name: 'Pushgateway',
      type: 'pushgatewayApi',
      data: { url: 'http://pushgateway.monitoring.svc.cluster.local:9091' },
    },
    {
      id: 'incident-loki',
      name: 'Loki',
      type: 'lokiApi',
      data: { url: 'http://loki.monitoring.svc.cluster.local:3100' },
    },
  ]);

/** Where claims are kept when no cluster keeps them. */
export const claimsCredential = ({ host, port, name, user, password, authority }: Database): Output<Credential[]> =>
  all([host, port, name, user, password, authority]).apply(
    ([hostname, portNumber, database, login, secret, caCertificate]): Credential[] => [
      {
        id: 'incident-claims',
        name: 'Claims',
        type: 'claimsPostgresApi',
        data: {
          host: hostname,
          port: portNumber,
          database,
          user: login,
          password: secret,
          tls: 'verify',
          caCertificate,
        },
      },
    ],
  );
