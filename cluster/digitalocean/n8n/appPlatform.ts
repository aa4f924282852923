import { gzipSync } from 'node:zlib';
import * as digitalocean from '@pulumi/digitalocean';
import { all, type Input, type Output } from '@pulumi/pulumi';
import { hashOf } from '../kubernetes/hash';
import type { Credential } from '../../shared/n8n/credentials';
import { SHARED_WORKFLOWS, type Workflow } from '../../shared/n8n/workflow';
import type { Settings } from '../settings/settings';
import { WEBHOOK_PATH } from './address';
import { n8nConfiguration } from './configuration';
import { type Database, database } from './database';
import { postgresCredential, remediationCredentials } from './credentials';
import { imported } from './imported';
import { remediation, withoutCluster } from './remediation';
import type { N8nSecrets } from './secrets';
import { readWorkflow } from './workflows';

/** The gate's: n8n itself listens on loopback. */
const PORT = 5678;

/** An app has one container, so start.sh runs the gate in it. Only App Platform's router reaches it. */
const GATE = { GATE: 'inside', GATE_BEHIND_PROXY: 'true' };

/**
 * n8n on App Platform. It runs only the workflows from PagerDuty to Neo and back, with those that they call, and has no
 * access to the cluster.
 */
export function n8nOnAppPlatform(
  settings: Settings,
  image: string,
  secrets: N8nSecrets,
  signingSecret: Output<string>,
): void {
  const { cluster, address, n8n, pagerDuty } = settings;
  const store = database(cluster.name, cluster.region, n8n.databaseSize);
  const workflows = [...SHARED_WORKFLOWS.map(readWorkflow), ...remediation(settings)].map(withoutCluster);
  const credentials = [remediationCredentials(settings, signingSecret), postgresCredential(store)];
  const app = new digitalocean.App(
    'n8n',
    {
      spec: {
        name: appName(cluster.name),
        region: cluster.region.replace(/\d$/, ''),
        domainNames: [{ name: address.hostname, type: 'PRIMARY', zone: address.domain }],
        ingress: { rules: routes(n8n.hasEditor) },
        alerts: [{ rule: 'DEPLOYMENT_FAILED' }],
        services: [
          {
            name: 'n8n',
            image: { ...imageOf(image), registryType: 'DOCR', deployOnPushes: [{ enabled: true }] },
            instanceCount: 1, // n8n has one main process
            instanceSizeSlug: n8n.appSize,
            httpPort: PORT,
            // The first start makes the database's tables, imports and publishes, which takes a few minutes.
            healthCheck: {
              httpPath: '/healthz/readiness',
              initialDelaySeconds: 60,
              periodSeconds: 10,
              failureThreshold: 30,
            },
            envs: [
              ...plain(n8nConfiguration(address.hostname, pagerDuty.email, true)),
              ...plain(GATE),
              ...plain(databaseEnvironment(store)),
              ...hidden({ ...secretEnvironment(secrets), DB_POSTGRESDB_PASSWORD: store.password }),
              ...hidden(importEnvironment(workflows, credentials)),
            ],
          },
        ],
      },
    },
    { customTimeouts: { create: '20m', update: '20m' } },
  );
  // Until there is one, anyone who has the password may connect.
  new digitalocean.DatabaseFirewall('n8n', { clusterId: store.id, rules: [{ type: 'app', value: app.id }] });
}

/** Paths without a route are not reachable from the internet. The editor is n8n's own business, behind its login, if it is wanted. */
const routes = (hasEditor: boolean): digitalocean.types.input.AppSpecIngressRule[] =>
  [WEBHOOK_PATH, ...(hasEditor ? ['/'] : [])].map((prefix) => ({
    match: { path: { prefix } },
    component: { name: 'n8n', preservePathPrefix: true },
  }));

/** `registry.digitalocean.com/registry/repository:tag`; the registry is the account's and is not named. */
function imageOf(image: string): { repository: string; tag: string } {
  const [path = '', tag = ''] = image.split(':');
  return { repository: path.split('/').slice(2).join('/'), tag };
}

type Variable = digitalocean.types.input.AppSpecServiceEnv;

const plain = (values: Record<string, Input<string>>): Variable[] =>
  Object.entries(values).map(([key, value]) => ({ key, value, scope: 'RUN_TIME', type: 'GENERAL' }));

const hidden = (values: Record<string, Input<string>>): Variable[] =>
  Object.entries(values).map(([key, value]) => ({ key, value, scope: 'RUN_TIME', type: 'SECRET' }));

const databaseEnvironment = ({ host, port, name, user, authority }: Database): Record<string, Input<string>> => ({
  DB_TYPE: 'postgresdb',
  DB_POSTGRESDB_HOST: host,
  DB_POSTGRESDB_PORT: port.apply(String),
  DB_POSTGRESDB_DATABASE: name,
  DB_POSTGRESDB_USER: user,
  DB_POSTGRESDB_SSL_ENABLED: 'true',
  DB_POSTGRESDB_SSL_CA: authority,
});

const secretEnvironment = ({ encryptionKey, ownerPasswordHash }: N8nSecrets): Record<string, Input<string>> => ({
  N8N_ENCRYPTION_KEY: encryptionKey,
  N8N_INSTANCE_OWNER_PASSWORD_HASH: ownerPasswordHash,
});

/**
 * App Platform cannot mount files, so start.sh reads them from here. Packed, since workflows are long, and App Platform
 * would replace texts that look like its variables.
 */
const importEnvironment = (workflows: Workflow[], parts: Output<Credential[]>[]): Record<string, Input<string>> => ({
  IMPORT_FILES: all(imported(workflows, parts)).apply((files) => gzipSync(JSON.stringify(files)).toString('base64')),
});

/** At most 32 characters, so that two long names with the same beginning stay different. */
const appName = (cluster: string): string =>
  cluster.length <= 28
    ? `${cluster}-n8n`
    : `${cluster.slice(0, 21).replace(/-+$/, '')}-${hashOf(cluster).slice(0, 6)}-n8n`;
