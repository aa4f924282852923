import type { MockCallArgs, MockResourceArgs } from '@pulumi/pulumi/runtime';

type Properties = Record<string, unknown>;

/** Begins whatever a provider makes up that is secret, so that it can be looked for wherever it goes. */
export const MARK = "for-nobody's-eyes";

/** What a provider would add to the inputs of a resource. */
const OUTPUTS: Record<string, (name: string) => Properties> = {
  'digitalocean:index/kubernetesCluster:KubernetesCluster': () => ({
    clusterSubnet: '10.100.0.0/16',
    kubeConfigs: [
      { rawConfig: `${MARK} kubeconfig`, host: 'https://cluster.example.com', clusterCaCertificate: 'YXV0aG9yaXR5' },
    ],
  }),
  'digitalocean:index/containerRegistryDockerCredentials:ContainerRegistryDockerCredentials': () => ({
    dockerCredentials: `${MARK} registry`,
  }),
  'digitalocean:index/databaseCluster:DatabaseCluster': () => ({
    host: 'db.example.com',
    port: 25060,
    database: 'defaultdb',
    user: 'doadmin',
    password: `${MARK} database`,
  }),
  'random:index/randomPassword:RandomPassword': (name) => ({
    result: `${MARK} ${name}`,
    bcryptHash: `${MARK} hash ${name}`,
  }),
  'tls:index/privateKey:PrivateKey': (name) => ({ privateKeyPem: `${MARK} key ${name}` }),
  'tls:index/selfSignedCert:SelfSignedCert': (name) => ({ certPem: `certificate ${name}` }),
  'tls:index/certRequest:CertRequest': (name) => ({ certRequestPem: `request ${name}` }),
  'tls:index/locallySignedCert:LocallySignedCert': (name) => ({ certPem: `certificate ${name}` }),
  'pagerduty:index/serviceIntegration:ServiceIntegration': (name) => ({
    integrationKey: `${MARK} routing key ${name}`,
  }),
  'pagerduty:index/service:Service': () => ({ htmlUrl: 'https://acme.pagerduty.com/services/P1' }),
  'pulumi-nodejs:dynamic:Resource': () => ({ secret: `${MARK} signature` }),
  'kubernetes:core/v1:Secret': (name) =>
    name === 'participant' ? { data: { token: Buffer.from(`${MARK} participant`).toString('base64') } } : {},
  'kubernetes:core/v1:Service': () => ({ status: { loadBalancer: { ingress: [{ ip: '192.0.2.10' }] } } }),
};

export const SIZE = {
  slug: 's-4vcpu-8gb',
  available: true,
  regions: ['nyc1', 'fra1'],
  priceHourly: 0.07143,
};

/** An API's answer of what is not there. */
export const ABSENT: Properties = {};

/** What DigitalOcean and PagerDuty answer when they are asked, by functions of their providers or by paths. */
export const FOUND: Record<string, (inputs: Properties) => Properties> = {
  '/v2/kubernetes/clusters': () => ({ kubernetes_clusters: [] }),
  '/v2/registry': () => ({ registry: { name: 'acme-workshop' } }),
  '/v2/registry/acme-workshop/repositories/n8n/tags': () => ({ tags: [{ tag: '0123456789ab' }], meta: { total: 1 } }),
  '/v2/apps/tiers/instance_sizes': () => ({ instance_sizes: [{ slug: 'apps-s-1vcpu-2gb' }] }),
  '/v2/databases/options': () => ({
    options: {
      pg: {
        layouts: [
          { num_nodes: 1, sizes: ['db-s-1vcpu-1gb'] },
          { num_nodes: 2, sizes: ['db-s-2vcpu-4gb'] },
        ],
      },
    },
  }),
  '/abilities': () => ({ abilities: ['sso', 'preview_intelligent_alert_grouping', 'time_based_alert_grouping'] }),
  'digitalocean:index/getSizes:getSizes': () => ({ sizes: [SIZE] }),
  'digitalocean:index/getKubernetesVersions:getKubernetesVersions': () => ({
    validVersions: ['1.35.1-do.0', '1.34.9-do.1', '1.34.10-do.0', '1.33.7-do.2'],
  }),
  'digitalocean:index/getDomain:getDomain': ({ name }) => ({ name }),
  'digitalocean:index/getDatabaseCa:getDatabaseCa': () => ({ certificate: 'authority of the database' }),
  'digitalocean:index/getContainerRegistry:getContainerRegistry': ({ name }) => ({ name }),
  'pagerduty:index/getUser:getUser': () => ({ id: 'PUSER1' }),
};

export function resource({ type, name, inputs }: MockResourceArgs): { id: string; state: Properties } {
  return { id: `${name}-id`, state: { name, ...(inputs as Properties), ...OUTPUTS[type]?.(name) } };
}

/** As a server would: what nobody answers is not there, and what throws is a network that fails. */
export function answered(url: string, others: typeof FOUND): Response {
  const path = new URL(url).pathname;
  const body = (others[path] ?? FOUND[path])?.({}) ?? ABSENT;
  return Response.json(body, { status: body === ABSENT ? 404 : 200 });
}

/** @param others answers instead of those in FOUND */
export function call({ token, inputs }: MockCallArgs, others: typeof FOUND): Properties {
  const answer = others[token] ?? FOUND[token];
  if (answer === undefined) throw new Error(`Nobody answers ${token} here.`);
  return answer(inputs as Properties);
}
