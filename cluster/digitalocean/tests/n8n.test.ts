import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { MARK } from './support/answers';
import { IMAGE } from './support/configuration';
import { deploy, type Deployment } from './support/deployment';
import { at, has, held, input, list, mapped, object, objects, text } from './support/find';

const APP = { ...IMAGE, 'n8n-host': 'app-platform' };

/** What the workflow from PagerDuty to Neo needs anywhere. */
const REMEDIATION = ['pagerDutyWebhookApi', 'pagerDutyApi', 'httpHeaderAuth', 'pulumiCloudApi'];

/** Types to data, of what n8n imports. */
const credentials = (json: unknown): Record<string, unknown> => mapped(JSON.parse(text(json)), 'type', 'data');

const runsInCluster = (deployment: Deployment): boolean =>
  objects(deployment).some(({ kind, metadata }) => kind === 'Deployment' && metadata.name === 'n8n');

test('n8n is left out, and all that it needs with it, until there is an image', async () => {
  const deployment = await deploy();
  for (const type of ['App', 'DatabaseCluster', 'DnsRecord', 'Resource']) assert.equal(has(deployment, type), false);
  assert.equal(runsInCluster(deployment), false);
});

describe('n8n in the cluster', () => {
  test('runs the image, which it has a Secret to pull', async () => {
    const deployment = await deploy(IMAGE);
    const { spec } = object(deployment, 'Deployment', 'n8n');
    assert.equal(at(spec, 'template.spec.containers.0.image'), IMAGE['n8n-image']);
    assert.deepEqual(at(spec, 'template.spec.imagePullSecrets'), [{ name: 'registry' }]);
    assert.match(JSON.stringify(spec), /"incident-pipeline.internal\/secrets":"[0-9a-f]{12}"/);
    assert.equal(object(deployment, 'Secret', 'registry').type, 'kubernetes.io/dockerconfigjson');
    for (const type of ['App', 'DatabaseCluster']) assert.equal(has(deployment, type), false);
  });

  test('is behind the gate of its pod, which has none of its secrets', async () => {
    const { spec } = object(await deploy(IMAGE), 'Deployment', 'n8n');
    const [main, gate] = list(at(spec, 'template.spec.containers'));
    assert.deepEqual([at(main, 'ports'), at(gate, 'ports.0.containerPort')], [undefined, 5678]);
    assert.equal(at(gate, 'image'), IMAGE['n8n-image']);
    assert.deepEqual([at(gate, 'envFrom'), at(gate, 'volumeMounts')], [undefined, undefined]);
    const configuration = held(await deploy(IMAGE), 'ConfigMap', 'n8n');
    assert.deepEqual([configuration.N8N_LISTEN_ADDRESS, configuration.N8N_PROXY_HOPS], ['127.0.0.1', '1']);
    assert.equal(at(object(await deploy(IMAGE), 'Service', 'n8n').spec, 'externalTrafficPolicy'), undefined);
  });

  test('has the settings of KIND, and its own address', async () => {
    const configuration = held(await deploy(IMAGE), 'ConfigMap', 'n8n');
    assert.equal(configuration.N8N_WEBHOOK_URL, 'https://n8n-berlin.workshop.example.com/');
    assert.equal(configuration.N8N_DIAGNOSTICS_ENABLED, 'false');
  });

  test("is reached from the internet by nothing but the webhook's path", async () => {
    const deployment = await deploy(IMAGE);
    const open = objects(deployment).filter(
      ({ kind, spec }) => kind === 'Service' && at(spec, 'type') === 'LoadBalancer',
    );
    assert.deepEqual(
      open.map(({ metadata }) => metadata.name),
      ['webhook-gate'],
    );
    const { Caddyfile = '' } = held(deployment, 'ConfigMap', 'webhook-gate');
    assert.match(
      Caddyfile,
      /@webhook \{\n\t\tmethod POST\n\t\tpath \/webhook\/pagerduty\n\t\theader Content-Type application\/json\*\n\t\}/,
    );
    for (const bound of ['read_header 5s', 'read_body 10s', 'max_header_size 16KB', 'max_size 1MB'])
      assert.ok(Caddyfile.includes(bound), bound);
    assert.match(Caddyfile, /handle \{\n\t\trespond 404\n/);
    assert.equal(Caddyfile.match(/reverse_proxy/g)?.length, 1);
    const record = ['domain', 'name', 'type', 'value'].map((key) => input(deployment, 'DnsRecord', key));
    assert.deepEqual(record, ['workshop.example.com', 'n8n-berlin', 'A', '192.0.2.10']);
  });

  test('has the workflows of KIND and the remediation, and credentials for both', async () => {
    const files = held(await deploy(IMAGE), 'Secret', 'n8n-import');
    assert.equal(
      files.published,
      'notify\npipeline-failure\nrecord-incident\ncarry-out-decision\nincident-pipeline\nincident-approval\n' +
        'false-positive-exception\nincident-report\nquarantine-review\ndeliver-outputs\nreconcile\nneo-task-report\npagerduty-to-neo\n',
    );
    const known = credentials(files['credentials.json']);
    const types = ['securityAlertSecretApi', 'kubernetesResponderApi', 'pushgatewayApi', 'lokiApi'];
    assert.deepEqual(Object.keys(known), [...types, ...REMEDIATION]);
    assert.deepEqual(known.pagerDutyWebhookApi, { secrets: `${MARK} signature` });
    assert.equal(at(known.pulumiCloudApi, 'organization'), 'acme');
    const workflows = list(JSON.parse(files['workflows.json'] ?? ''));
    const remediation = workflows.find((each) => at(each, 'id') === 'pagerduty-to-neo');
    assert.ok(JSON.stringify(remediation).includes('"pagerDutyWebhookApi":{"id":"incident-pagerduty-webhook"'));
    const pipeline = workflows.find((each) => at(each, 'id') === 'incident-pipeline');
    assert.ok(JSON.stringify(pipeline).includes('"securityAlertSecretApi":{"id":"incident-alert-secret"'));
  });
});

describe('n8n on App Platform', () => {
  const service = (deployment: Deployment, path: string): unknown =>
    input(deployment, 'App', `spec.services.0.${path}`);

  test('runs the remediation alone, and keeps incidents, claims and executions in PostgreSQL', async () => {
    const deployment = await deploy(APP);
    const environment = mapped(service(deployment, 'envs'), 'key', 'value');
    const files: unknown = JSON.parse(gunzipSync(Buffer.from(text(environment.IMPORT_FILES), 'base64')).toString());
    assert.equal(
      at(files, 'published'),
      'notify\npipeline-failure\nrecord-incident\nneo-task-report\npagerduty-to-neo\n',
    );
    const known = credentials(Object.entries(files ?? {}).find(([name]) => name === 'credentials.json')?.[1]);
    assert.ok(text(environment.IMPORT_FILES).length < 32_000);
    assert.deepEqual(Object.keys(known), [...REMEDIATION, 'incidentPostgresApi']);
    assert.deepEqual(known.incidentPostgresApi, {
      host: 'db.example.com',
      port: 25060,
      database: 'defaultdb',
      user: 'doadmin',
      password: `${MARK} database`,
      tls: 'verify',
      caCertificate: 'authority of the database',
    });
    const workflows = text(Object.entries(files ?? {}).find(([name]) => name === 'workflows.json')?.[1]);
    for (const part of [
      '"incidentStore":"postgres"',
      '"claims":"postgres"',
      '"incidentPostgresApi":{"id":"incident-postgres"',
    ])
      assert.ok(workflows.includes(part), part);
    assert.equal(environment.DB_POSTGRESDB_HOST, 'db.example.com');
    assert.equal(environment.DB_POSTGRESDB_SSL_ENABLED, 'true');
    assert.equal(environment.DB_POSTGRESDB_SSL_CA, 'authority of the database');
    assert.equal(environment.N8N_ENCRYPTION_KEY, `${MARK} n8n-encryption-key`);
  });

  test('runs the pushed image, in the region of the cluster, and alone may reach the database', async () => {
    const deployment = await deploy(APP);
    const image = { registryType: 'DOCR', repository: 'n8n', tag: '0123456789ab', deployOnPushes: [{ enabled: true }] };
    assert.deepEqual(service(deployment, 'image'), image);
    assert.equal(input(deployment, 'App', 'spec.region'), 'fra');
    assert.deepEqual(input(deployment, 'DatabaseFirewall', 'rules'), [{ type: 'app', value: 'n8n-id' }]);
  });

  test('has a name that App Platform takes and no other stack has', async () => {
    const name = async (cluster: string): Promise<string> =>
      text(input(await deploy({ ...APP, 'cluster-name': cluster }), 'App', 'spec.name'));
    assert.equal(await name('security-workshop-p01'), 'security-workshop-p01-n8n');
    const long = await Promise.all(['berlin-p01', 'berlin-p02'].map((end) => name(`security-workshop-autumn-${end}`)));
    assert.notEqual(long[0], long[1]);
    for (const each of long) assert.match(each, /^[a-z][a-z0-9-]{0,30}[a-z0-9]$/);
  });

  test('is behind the gate in its own container', async () => {
    const deployment = await deploy(APP);
    const environment = mapped(service(deployment, 'envs'), 'key', 'value');
    assert.equal(service(deployment, 'httpPort'), 5678);
    const { GATE, GATE_BEHIND_PROXY, N8N_LISTEN_ADDRESS, N8N_PORT, N8N_PROXY_HOPS } = environment;
    assert.deepEqual(
      [GATE, GATE_BEHIND_PROXY, N8N_LISTEN_ADDRESS, N8N_PORT, N8N_PROXY_HOPS],
      ['inside', 'true', '127.0.0.1', '5680', '2'],
    );
    assert.equal(environment.N8N_FORMDATA_FILE_SIZE_MAX, '1');
  });

  test('has no part in the cluster, and no rights there', async () => {
    const deployment = await deploy(APP);
    assert.equal(runsInCluster(deployment), false);
    assert.equal(has(deployment, 'DnsRecord'), false);
    assert.ok(!objects(deployment).some(({ kind, metadata }) => kind === 'Secret' && metadata.namespace === 'n8n'));
    const environment = JSON.stringify(service(deployment, 'envs'));
    for (const word of ['kubernetesResponderApi', 'kubeconfig']) assert.ok(!environment.includes(word));
  });

  test("hides what is secret from App Platform's own pages", async () => {
    const types = mapped(service(await deploy(APP), 'envs'), 'key', 'type');
    const hidden = Object.keys(types).filter((key) => types[key] === 'SECRET');
    assert.deepEqual(hidden.sort(), [
      'DB_POSTGRESDB_PASSWORD',
      'IMPORT_FILES',
      'N8N_ENCRYPTION_KEY',
      'N8N_INSTANCE_OWNER_PASSWORD_HASH',
    ]);
  });

  test('shows its editor only where that is wanted', async () => {
    const prefixes = async (changes: Record<string, string>): Promise<unknown[]> =>
      list(input(await deploy({ ...APP, ...changes }), 'App', 'spec.ingress.rules')).map((rule) =>
        at(rule, 'match.path.prefix'),
      );
    assert.deepEqual(await prefixes({}), ['/webhook/pagerduty']);
    assert.deepEqual(await prefixes({ 'n8n-editor': 'true' }), ['/webhook/pagerduty', '/']);
  });
});
