import * as digitalocean from '@pulumi/digitalocean';
import { type Output, secret } from '@pulumi/pulumi';

export interface Database {
  id: Output<string>;
  clusterName: Output<string>;
  host: Output<string>;
  port: Output<number>;
  name: Output<string>;
  user: Output<string>;
  password: Output<string>;
  /** The authority that signed its certificate, in PEM. */
  authority: Output<string>;
}

/** PostgreSQL for n8n where it has no disk: executions, credentials (encrypted), incidents, and the claims of remediations. */
export function database(name: string, region: string, size: string): Database {
  const cluster = new digitalocean.DatabaseCluster(
    'n8n',
    { name: `${name}-n8n`, engine: 'pg', version: '17', size, region, nodeCount: 1, tags: ['security-workshop'] },
    { additionalSecretOutputs: ['password', 'uri', 'privateUri'] },
  );
  const { certificate } = digitalocean.getDatabaseCaOutput({ clusterId: cluster.id });
  return {
    id: cluster.id,
    clusterName: cluster.name,
    host: cluster.host,
    port: cluster.port,
    name: cluster.database,
    user: cluster.user,
    password: secret(cluster.password),
    authority: certificate,
  };
}
