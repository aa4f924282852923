import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readSettings } from '../settings/settings';
import { SettingsError } from '../settings/problems';
import { raw, SECRETS, settings, STACK } from './support/configuration';

function problems(changes: Record<string, string | undefined>): SettingsError {
  try {
    settings(changes);
  } catch (error) {
    if (error instanceof SettingsError) return error;
    throw error;
  }
  throw new Error('Nothing was found wrong.');
}

describe('the configuration', () => {
  test('needs no more than the secrets, the person, the context, a domain and a registry', () => {
    const { context, cluster, address, n8n } = settings();
    assert.deepEqual(context, {
      git_repo: 'https://github.com/acme/shop.git',
      pulumi_org: 'acme',
      pulumi_project: 'security-workshop',
      pulumi_stack: 'berlin',
      esc_environment: 'workshops/security',
      cluster_name: 'security-workshop-berlin',
      cluster_provider: 'digitalocean',
    });
    assert.deepEqual(cluster, {
      name: 'security-workshop-berlin',
      region: 'fra1',
      nodeSize: 's-4vcpu-8gb',
      nodeCount: 2,
      version: '1.34',
    });
    assert.equal(address.hostname, 'n8n-berlin.workshop.example.com');
    assert.deepEqual([n8n.host, n8n.image, n8n.hasEditor], ['cluster', undefined, false]);
  });

  test('may say all of it otherwise', () => {
    const { context, pulumi } = settings({
      'pulumi-org': 'other',
      'pulumi-project': 'shop',
      'pulumi-stack': 'prod',
      'cluster-name': 'shop-prod',
    });
    assert.deepEqual(
      [context.pulumi_org, context.pulumi_project, context.pulumi_stack, context.cluster_name, pulumi.organization],
      ['other', 'shop', 'prod', 'shop-prod', 'other'],
    );
  });

  test('takes the URLs that git has, and environments with their organization', () => {
    for (const url of ['git@github.com:acme/shop.git', 'ssh://git@git.example.com:2222/acme/shop', 'http://git/a@b'])
      assert.equal(settings({ 'git-repo': url }).context.git_repo, url);
    assert.equal(
      settings({ 'esc-environment': 'acme/workshops/security' }).context.esc_environment,
      'acme/workshops/security',
    );
  });

  test("turns a stack's name into names that clusters and hosts may have", () => {
    const { cluster, address } = readSettings(raw(), { ...STACK, stack: 'Team_A.2026' });
    assert.equal(cluster.name, 'security-workshop-team-a-2026');
    assert.equal(address.hostname, 'n8n-team-a-2026.workshop.example.com');
  });

  test('leaves keys of others alone', () => {
    assert.doesNotThrow(() =>
      readSettings({ ...raw(), values: { ...raw().values, 'aws:region': 'eu-central-1' } }, STACK),
    );
  });
});

describe('every problem is told at once, with its key and how to set it', () => {
  test('what is missing', () => {
    const required = [
      'digitalocean:token',
      'pagerduty:token',
      'pagerduty-email',
      'pulumi-pat',
      'git-repo',
      'esc-environment',
      'domain',
      'registry',
    ];
    const error = problems(Object.fromEntries(required.map((key) => [key, undefined])));
    assert.deepEqual(
      error.problems.map(({ key }) => key),
      required,
    );
    for (const key of required) assert.match(error.message, new RegExp(`^  ${key} is missing\\.$`, 'm'));
    assert.match(error.message, /pulumi config set --secret pulumi-pat …/);
    assert.match(error.message, /pulumi config set git-repo …/);
    assert.match(error.message, /ESC environment under pulumiConfig/);
  });

  const MALFORMED: [string, string][] = [
    ['digitalocean:token', 'short'],
    ['pagerduty:token', 'has spaces in it, many'],
    ['pagerduty-email', 'trainer'],
    ['pagerduty-neo-user', 'neo@example.com'],
    ['pulumi-pat', 'ghp_0123456789'],
    ['git-repo', 'acme/shop'],
    ['git-repo', 'https://user:token@github.com/acme/shop.git'],
    ['git-repo', 'https://token@github.com/acme/shop.git'],
    ['git-repo', 'ssh://git:password@github.com/acme/shop.git'],
    ['git-directory', 'one\ntwo'],
    ['esc-environment', 'a/b/c/d'],
    ['cluster-name', '-workshop'],
    ['region', 'frankfurt'],
    ['node-count', '0'],
    ['node-count', 'two'],
    ['node-count', '11'],
    ['kubernetes-version', 'latest'],
    ['domain', 'workshop'],
    ['hostname', 'n8n.elsewhere.example.org'],
    ['n8n-host', 'heroku'],
    ['n8n-image', 'registry.digitalocean.com/acme-workshop/n8n:latest'],
    ['n8n-image', 'registry.digitalocean.com/acme-workshop/n8n'],
    ['n8n-image', 'registry.digitalocean.com/another/n8n:1'],
    ['n8n-editor', 'yes'],
    ['registry', 'Acme'],
    ['alert-grouping', '1'],
    ['scenario-critical-cve', 'on'],
    ['regoin', 'fra1'],
  ];
  for (const [key, value] of MALFORMED)
    test(`${key}: ${value}`, () => {
      const error = problems({ [key]: value });
      assert.deepEqual([...new Set(error.problems.map((problem) => problem.key))], [key]);
    });

  test('and how to take away what there is not', () => {
    assert.match(problems({ regoin: 'fra1' }).message, /regoin is no key of this program\.\n.*pulumi config rm regoin/);
  });

  test('a secret in plain text', () => {
    assert.throws(
      () => readSettings({ ...raw(), isSecret: () => false }, STACK),
      (error: unknown) =>
        error instanceof SettingsError && error.problems.length === 3 && error.message.includes('plain text'),
    );
  });

  test('and no value of a secret', () => {
    const wrong = Object.fromEntries(Object.entries(SECRETS).map(([key, value]) => [key, ` ${value} wrong`]));
    const { message } = problems(wrong);
    for (const value of Object.values(SECRETS)) assert.ok(!message.includes(value.slice(0, 8)));
  });
});
