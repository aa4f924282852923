import { type Output, output } from '@pulumi/pulumi';
import {
  type Credential,
  IN_CLUSTER,
  neoCredentials,
  pipelineCredentials,
  postgresCredential as postgres,
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

/** Where incidents and claims are kept when no cluster keeps them. */
export const postgresCredential = ({ host, port, name, user, password, authority }: Database): Output<Credential[]> =>
  output({ host, port, database: name, user, password, caCertificate: authority }).apply((access) => [
    postgres(access),
  ]);
