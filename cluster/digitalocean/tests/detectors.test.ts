import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { deploy, deployAnew, type Deployment } from './support/deployment';
import { at, held, input, list, mapped, object, objects, text } from './support/find';

const FALCOSIDEKICK = 'values.falcosidekick.config';

const config = (deployment: Deployment, path: string): unknown =>
  input(deployment, 'Release', `${FALCOSIDEKICK}.${path}`, 'falco');

describe('the infrastructure context', () => {
  const context = { 'git-repo': 'https://git.example.com:8443/acme/shop.git', 'pulumi-stack': 'prod' };
  const expected = {
    git_repo: 'https://git.example.com:8443/acme/shop.git',
    pulumi_org: 'acme',
    pulumi_project: 'security-workshop',
    pulumi_stack: 'prod',
    esc_environment: 'workshops/security',
    cluster_name: 'security-workshop-berlin',
    cluster_provider: 'digitalocean',
  };

  test('reaches Falcosidekick through the variables that its fields name', async () => {
    const deployment = await deploy(context);
    const known = held(deployment, 'ConfigMap', 'infrastructure-context');
    const keys = mapped(config(deployment, 'extraEnv'), 'name', 'valueFrom.configMapKeyRef.key');
    const fields = text(config(deployment, 'customfields')).split(',');
    const arrived = fields.map((field) => {
      const [name = '', variable = ''] = field.trim().split(':%');
      return [name, known[text(keys[variable])]];
    });
    assert.deepEqual(Object.fromEntries(arrived), expected);
  });

  test("reaches Alertmanager through Prometheus' external labels", async () => {
    const path = 'values.prometheus.prometheusSpec.externalLabels';
    assert.deepEqual(input(await deploy(context), 'Release', path, 'kube-prometheus-stack'), expected);
  });
});

describe('Falco and Falcosidekick', () => {
  test('know each other by certificates of one authority', async () => {
    const deployment = await deploy();
    const server = held(deployment, 'Secret', 'falcosidekick-tls');
    const client = held(deployment, 'Secret', 'falco-client-tls');
    assert.deepEqual(Object.keys(server).sort(), ['ca.crt', 'server.crt', 'server.key']);
    assert.deepEqual(Object.keys(client).sort(), ['ca.crt', 'client.crt', 'client.key']);
    assert.equal(server['ca.crt'], client['ca.crt']);
    assert.deepEqual(input(deployment, 'CertRequest', 'dnsNames', 'falcosidekick'), [
      'falco-falcosidekick.security',
      'falco-falcosidekick.security.svc',
      'falco-falcosidekick.security.svc.cluster.local',
    ]);
    assert.deepEqual(input(deployment, 'LocallySignedCert', 'allowedUses', 'falco'), [
      'digital_signature',
      'client_auth',
    ]);
    assert.equal(input(deployment, 'SelfSignedCert', 'isCaCertificate'), true);
  });

  test('have the Secrets that the values name, with the keys that they name', async () => {
    const deployment = await deploy();
    const named = list(config(deployment, 'extraEnv')).map((entry) => at(entry, 'valueFrom.secretKeyRef'));
    const references = named.filter((reference) => reference !== undefined);
    assert.ok(references.length > 0);
    for (const reference of references)
      assert.ok(text(at(reference, 'key')) in held(deployment, 'Secret', text(at(reference, 'name'))));
  });

  test('have no Secret that nothing reads', async () => {
    const deployment = await deploy();
    const all = input(deployment, 'Release', 'values', 'falco');
    assert.equal(at(all, 'falcosidekick.webui.enabled'), false);
    const values = JSON.stringify(all, (key, value: unknown) => (key === 'webui' ? undefined : value));
    const made = objects(deployment).filter(
      ({ kind, metadata }) => kind === 'Secret' && metadata.namespace === 'security',
    );
    assert.ok(made.length > 0);
    for (const { metadata } of made) assert.ok(values.includes(`"${metadata.name}"`), metadata.name);
  });

  test('are started again when what they read has changed, and only then', async () => {
    const annotations = async (changes: Record<string, string>): Promise<unknown> =>
      input(await deployAnew(changes), 'Release', 'values.podAnnotations', 'falco');
    const first = await annotations({});
    assert.deepEqual(await annotations({}), first);
    assert.notDeepEqual(await annotations({ 'pulumi-stack': 'prod' }), first);
  });

  test('load our rules', async () => {
    const custom = input(await deploy(), 'Release', 'values.customRules', 'falco');
    assert.match(JSON.stringify(custom), /rule: Shell Spawned in Container \(Workshop\)/);
  });
});

describe('Prometheus and Alertmanager', () => {
  test("are behind network policies that no other namespace's pod passes", async () => {
    const deployment = await deploy();
    for (const name of ['prometheus', 'alertmanager']) {
      const { metadata, spec } = object(deployment, 'NetworkPolicy', name);
      assert.equal(metadata.namespace, 'monitoring');
      assert.deepEqual(at(spec, 'podSelector.matchLabels'), { 'app.kubernetes.io/name': name });
      const rules = JSON.stringify(at(spec, 'ingress'));
      assert.ok(!rules.includes('namespaceSelector'), rules);
      assert.ok(!rules.includes('10.244.'), rules);
    }
  });

  test('look for rules, routes and targets in namespaces that no participant writes to', async () => {
    const values = input(await deploy(), 'Release', 'values', 'kube-prometheus-stack');
    const spec = at(values, 'prometheus.prometheusSpec');
    const key = 'kubernetes.io/metadata.name';
    assert.deepEqual(at(spec, 'ruleNamespaceSelector'), { matchLabels: { [key]: 'monitoring' } });
    for (const kind of ['serviceMonitor', 'podMonitor', 'probe', 'scrapeConfig'])
      assert.deepEqual(at(spec, `${kind}NamespaceSelector`), {
        matchExpressions: [{ key, operator: 'In', values: ['monitoring', 'kyverno', 'trivy-system'] }],
      });
    const routes = at(values, 'alertmanager.alertmanagerSpec.alertmanagerConfigNamespaceSelector');
    assert.deepEqual(routes, { matchLabels: { [key]: 'monitoring' } });
  });
});

describe('Grafana', () => {
  test('has the login that its values name', async () => {
    const deployment = await deploy();
    const admin = input(deployment, 'Release', 'values.grafana.admin', 'kube-prometheus-stack');
    const login = held(deployment, 'Secret', text(at(admin, 'existingSecret')));
    assert.deepEqual(Object.keys(login).sort(), [at(admin, 'passwordKey'), at(admin, 'userKey')].sort());
  });
});
