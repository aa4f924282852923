import { type Output, output } from '@pulumi/pulumi';
import {
  claimsCredential as claims,
  type Credential,
  IN_CLUSTER,
  neoCredentials,
  pipelineCredentials,
} from '../../shared/n8n/credentials';
import type { Settings } from '../settings/settings';
import type { Database } from './database';

/** What the workflow from PagerDuty to Neo needs, wherever n8n runs. */
export function remediationCredentials(settings: Settings, signingSecret: Output<string>): Output<Credential[]> {
  const { pagerDuty, pulumi } = settings;
  return output({ signingSecret, pagerDutyToken: pagerDuty.token, pulumiToken: pulumi.accessToken }).apply((secrets) =>
    neoCredentials({ ...secrets, organization: pulumi.organization }),
  );
}

/** What the pipeline needs in its own cluster; the same as on KIND. */
export const clusterCredentials = (secret: Output<string>): Output<Credential[]> =>
  secret.apply((webhookSecret) => pipelineCredentials({ ...IN_CLUSTER, webhookSecret }));

/** Where claims are kept when no cluster keeps them. */
export const claimsCredential = ({ host, port, name, user, password, authority }: Database): Output<Credential[]> =>
  output({ host, port, database: name, user, password, caCertificate: authority }).apply((access) => [claims(access)]);
