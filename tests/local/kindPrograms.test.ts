import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { spawnSync } from 'node:child_process';

import { isFresh, makeMutualTls } from '../../cluster/kind/tls';
import { publishedIds } from '../../cluster/local/n8n/workflows';
import rights from '../../manifests/token/responder-rights.json';
import { ROOT } from '../support/manifests';

interface Secret {
  metadata: { namespace: string; name: string };
  data: Record<string, string>;
}

/** Runs one of the programs that deploy.sh pipes kubectl's answers through. */
function filter(name: string, input: string, arguments_: string[] = [], env: Record<string, string> = {}) {
  const program = join(ROOT, 'cluster', 'kind', `${name}.ts`);
  const { OPENAI_API_KEY: _key, OPENAI_BASE_URL: _url, OPENAI_MODEL: _model, ...outer } = process.env;
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--import', 'tsx', program, ...arguments_], {
    cwd: ROOT,
    input,
    env: { ...outer, ...env },
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

const parsed = (text: string) => (JSON.parse(text) as { items: Secret[] }).items;
const value = (items: Secret[], name: string, key: string) =>
  Buffer.from(items.find(({ metadata }) => metadata.name === name)?.data[key] ?? '', 'base64').toString();

describe('the Secrets', () => {
  const first = filter('secrets', '');
  const items = parsed(first.stdout);

  test('are all there after the first run', () => {
    expect(items.map(({ metadata: { namespace, name } }) => `${namespace}/${name}`)).toEqual([
      'n8n/n8n',
      'n8n/n8n-import',
      'security/falcosidekick-webhook',
      'security/falcosidekick-tls',
      'security/falco-client-tls',
      'security/falcosidekick-ui',
      'monitoring/grafana-admin',
    ]);
    const secret = value(items, 'n8n', 'webhookSecret');
    expect(secret.length).toBeGreaterThanOrEqual(24);
    expect(value(items, 'falcosidekick-webhook', 'WEBHOOK_CUSTOMHEADERS')).toBe(`X-Alert-Secret:${secret}`);
    expect(value(items, 'n8n-import', 'credentials.json')).toContain(secret);
  });

  test('are the same after the second', () => {
    expect(filter('secrets', first.stdout).stdout).toBe(first.stdout);
  });

  test("know the credentials of n8n in the cluster: the pod's own token, and services by name", () => {
    expect(JSON.parse(value(items, 'n8n-import', 'credentials.json'))).toMatchObject([
      { type: 'securityAlertSecretApi' },
      { type: 'kubernetesResponderApi', data: { authentication: 'serviceAccount' } },
      { type: 'pushgatewayApi', data: { url: 'http://pushgateway.monitoring.svc.cluster.local:9091' } },
      { type: 'lokiApi', data: { url: 'http://loki.monitoring.svc.cluster.local:3100' } },
    ]);
    expect(value(items, 'n8n-import', 'published')).toBe(
      'notify\npipeline-failure\nrecord-incident\ncarry-out-decision\nincident-pipeline\nincident-approval\nfalse-positive-exception\nincident-report\nquarantine-review\ndeliver-outputs\nreconcile\n',
    );
  });

  test('bring every workflow, of which those run that need nothing from outside', () => {
    const imported = JSON.parse(value(items, 'n8n-import', 'workflows.json')) as { id: string }[];
    const committed = readdirSync(join(ROOT, 'workflows')).filter((name) => name.endsWith('.json'));
    expect(imported.map(({ id }) => `${id}.json`).sort()).toEqual(committed.sort());
    for (const id of publishedIds(true)) expect(committed).toContain(`${id}.json`);
  });

  test("hold a model's key where one is configured", () => {
    const { stdout } = filter('secrets', '', [], { OPENAI_API_KEY: 'sk-configured', OPENAI_MODEL: 'gpt-x' });
    expect(value(parsed(stdout), 'n8n-import', 'credentials.json')).toContain('sk-configured');
  });

  test('keep the model of before, until it is taken away', () => {
    const env = { OPENAI_BASE_URL: 'http://192.0.2.7:11434/v1', OPENAI_MODEL: 'qwen3' };
    const made = filter('secrets', '', [], env).stdout;
    expect(value(parsed(made), 'n8n-import', 'modelPort')).toBe('11434');
    expect(filter('secrets', made).stdout).toBe(made);
    const without = parsed(filter('secrets', made, [], { OPENAI_MODEL: 'none' }).stdout);
    expect(value(without, 'n8n-import', 'model')).toBe('');
    expect(value(without, 'n8n-import', 'credentials.json')).not.toContain('192.0.2.7');
  });

  test.each(['http://127.0.0.1:11434/v1', 'http://localhost:8000', 'http://[::1]:8080/v1'])(
    'are not made for a model at %s, which no pod could reach',
    (url) => {
      const { status, stderr } = filter('secrets', '', [], { OPENAI_BASE_URL: url, OPENAI_MODEL: 'qwen3' });
      expect([status, stderr]).toEqual([1, expect.stringContaining('the pod itself')]);
    },
  );

  test('are not made from an answer that is no list', () => {
    const { status, stdout, stderr } = filter('secrets', '{"kind":"Status"}');
    expect([status, stdout]).toEqual([1, '']);
    expect(stderr).toContain('The Secrets were not made');
  });

  test('get new certificates a month before the old ones end', async () => {
    const made = new Date('2026-01-01T00:00:00Z');
    const { server } = await makeMutualTls('falco-falcosidekick.security', 'falco', made);
    expect(isFresh(server.certificate, new Date('2026-11-30T00:00:00Z'))).toBe(true);
    expect(isFresh(server.certificate, new Date('2026-12-15T00:00:00Z'))).toBe(false);
    expect(isFresh(undefined, made)).toBe(false);
  });
});

describe('the comparison of rights', () => {
  const rule = (right: string) => {
    const [verb = '', named = ''] = right.split(' ');
    const [resource = '', group = ''] = named.split(/\.(.*)/s);
    return { verbs: [verb], apiGroups: [group], resources: [resource] };
  };
  const review = (list: string[], incomplete = false) =>
    JSON.stringify({ status: { incomplete, resourceRules: list.map(rule) } });
  const own = [...rights.everyone, ...rights.cluster, ...rights.optedIn];

  test('is content with exactly the reviewed list', () => {
    expect(filter('rights', review(own), ['optedIn'])).toMatchObject({ status: 0, stderr: '' });
  });

  test('names a right too much, and one too few', () => {
    const { status, stderr } = filter('rights', review([...own.slice(1), 'get secrets']), ['optedIn']);
    expect(status).toBe(1);
    expect(stderr).toContain('too much: get secrets');
    expect(stderr).toContain(`missing:  ${own[0] ?? ''}`);
  });

  test('is not content with an answer that is incomplete, or none', () => {
    expect(filter('rights', review(own, true), ['optedIn']).status).not.toBe(0);
    expect(filter('rights', '', ['optedIn']).status).not.toBe(0);
  });
});

describe('the table of namespaces', () => {
  const podRef = { namespace: 'n8n', name: 'n8n-1' };
  const summary = JSON.stringify({
    node: { memory: { workingSetBytes: 2 ** 30 } },
    pods: [{ podRef, memory: { workingSetBytes: 300 * 2 ** 20 } }],
  });

  test("shows each namespace's memory and the node's, and names the pod that is not ready", () => {
    const { status, stdout } = filter('memory', summary, ['n8n n8n-1 True 0\nplayground new <none> <none>']);
    expect(stdout).toContain('    300  n8n, 1 pod\n');
    expect(stdout).toContain('      ?  playground/new   NOT READY\n');
    expect(stdout).toContain('; 1024 the node');
    expect(status).toBe(1);
  });

  test('is content when all are ready', () => {
    expect(filter('memory', summary, ['n8n n8n-1 True 2']).stdout).toContain('n8n/n8n-1   2 restarts');
    expect(filter('memory', summary, ['n8n n8n-1 True 2']).status).toBe(0);
  });
});
