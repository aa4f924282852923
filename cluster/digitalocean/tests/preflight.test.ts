import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { SettingsError } from '../settings/problems';
import { ABSENT, SIZE } from './support/answers';
import { IMAGE } from './support/configuration';
import { deployAnew } from './support/deployment';
import { input } from './support/find';

const SIZES = 'digitalocean:index/getSizes:getSizes';
const VERSIONS = 'digitalocean:index/getKubernetesVersions:getKubernetesVersions';
const DOMAIN = 'digitalocean:index/getDomain:getDomain';
const USER = 'pagerduty:index/getUser:getUser';

type Answers = NonNullable<Parameters<typeof deployAnew>[1]>;

/** As a provider's refusal comes from the engine. */
const refused = (details: string) => () => {
  throw Object.assign(new Error(details), { details });
};

async function problems(changes: Record<string, string>, answers: Answers): Promise<string> {
  const error: unknown = await deployAnew(changes, answers).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof SettingsError, String(error));
  return error.message;
}

describe('before anything is made', () => {
  test('a region without Droplets of the size is told, and where they are', async () => {
    const message = await problems({ region: 'ams3' }, {});
    assert.match(
      message,
      /region is ams3, where DigitalOcean has no Droplets of the size s-4vcpu-8gb\. It has them in fra1, nyc1\./,
    );
  });

  test('so is a size that is sold out, or that there is not', async () => {
    assert.match(
      await problems({}, { [SIZES]: () => ({ sizes: [{ ...SIZE, available: false }] }) }),
      /region is fra1, where/,
    );
    assert.match(
      await problems({ 'node-size': 's-7vcpu' }, {}),
      /node-size is s-7vcpu, which DigitalOcean does not have/,
    );
  });

  test('so is a version that is not offered, with those that are', async () => {
    const message = await problems({ 'kubernetes-version': '1.3' }, {});
    assert.match(message, /kubernetes-version is 1\.3, which DigitalOcean does not offer. It offers 1\.35\.1-do\.0, /);
    assert.match(await problems({ 'kubernetes-version': '1.34.8-do.0' }, {}), /kubernetes-version is 1\.34\.8-do\.0/);
  });

  test("so is an e-mail address that is no PagerDuty user's", async () => {
    const message = await problems(
      {},
      { [USER]: refused('Unable to locate any user with the email: trainer@example.com') },
    );
    assert.match(message, /pagerduty-email is trainer@example\.com, and PagerDuty knows no user with that address/);
    assert.match(message, /pulumi config set pagerduty-email …/);
  });

  test('so are tokens that are not taken, once each', async () => {
    const answers = { [SIZES]: refused('401'), [VERSIONS]: refused('401'), [USER]: refused('GET API call failed 401') };
    const message = await problems({}, answers);
    assert.equal(message.match(/digitalocean:token was not taken/g)?.length, 1);
    assert.match(message, /pagerduty:token was not taken by PagerDuty/);
    assert.match(message, /pulumi config set --secret pagerduty:token …/);
  });

  test('so is a plan without grouping, unless nothing is to be grouped', async () => {
    const none = { '/abilities': () => ({ abilities: ['sso'] }) };
    const message = await problems({}, none);
    assert.match(message, /alert-grouping is true, and the plan of this PagerDuty account has no alert grouping/);
    assert.match(message, /With false each alert is an incident.*pulumi config set alert-grouping/s);
    await assert.doesNotReject(deployAnew({ 'alert-grouping': 'false' }, none));
  });

  test('so is a registry that is there and should be made, or is not and should be', async () => {
    const other = { '/v2/registry': () => ({ registry: { name: 'acme' } }) };
    assert.match(await problems({}, other), /registry-create is true, and the account has the registry acme\./);
    assert.match(
      await problems({ 'registry-create': 'false' }, other),
      /registry is acme-workshop, and the account's registry is acme\./,
    );
    const none = { '/v2/registry': () => ABSENT };
    assert.match(
      await problems({ 'registry-create': 'false' }, none),
      /registry-create is false, and the account has no/,
    );
    await assert.doesNotReject(deployAnew({}, none));
  });

  test('so is an image that went with its registry, or was never pushed', async () => {
    assert.match(
      await problems(IMAGE, { '/v2/registry': () => ABSENT }),
      /n8n-image is .*, which is not there.*pulumi config rm n8n-image/,
    );
    const tags = '/v2/registry/acme-workshop/repositories/n8n/tags';
    assert.match(await problems(IMAGE, { [tags]: () => ({ tags: [], meta: { total: 0 } }) }), /n8n-image is/);
    await assert.doesNotReject(deployAnew(IMAGE, { [tags]: () => ({ tags: [], meta: { total: 201 } }) }));
  });

  test('so are sizes that App Platform and PostgreSQL do not come in, where n8n runs there', async () => {
    const sizes = { 'app-size': 'apps-s-9vcpu', 'database-size': 'db-s-2vcpu-4gb' };
    const message = await problems({ ...sizes, 'n8n-host': 'app-platform' }, {});
    assert.match(
      message,
      /app-size is apps-s-9vcpu, which App Platform does not come in\. It comes in apps-s-1vcpu-2gb\./,
    );
    assert.match(message, /database-size is db-s-2vcpu-4gb, .* It comes in db-s-1vcpu-1gb\./);
    await assert.doesNotReject(deployAnew(sizes));
  });

  test('an API that does not answer stops nothing', async () => {
    const paths = ['/abilities', '/v2/registry', '/v2/kubernetes/clusters', '/v2/apps/tiers/instance_sizes'];
    await assert.doesNotReject(deployAnew(IMAGE, Object.fromEntries(paths.map((path) => [path, refused('500')]))));
  });

  test("what counts only at a cluster's creation stops no cluster that is there", async () => {
    const answers = {
      '/v2/kubernetes/clusters': () => ({
        kubernetes_clusters: [{ name: 'security-workshop-berlin', version: '1.34.5-do.0' }],
      }),
      [SIZES]: () => ({ sizes: [{ ...SIZE, available: false }] }),
      [VERSIONS]: () => ({ validVersions: ['1.36.0-do.0'] }),
    };
    const deployment = await deployAnew({}, answers);
    assert.equal(input(deployment, 'KubernetesCluster', 'version'), '1.34.5-do.0');
    assert.match(await problems({ 'cluster-name': 'another' }, answers), /there are 2 problems/);
  });

  test('so is a domain whose zone is elsewhere; and all of it at once', async () => {
    const message = await problems(
      { region: 'ams3' },
      { [DOMAIN]: refused('domain not found'), [USER]: refused('Unable to locate any user') },
    );
    assert.match(message, /^Nothing was changed: there are 3 problems/);
    assert.match(message, /domain is workshop\.example\.com, whose zone DigitalOcean does not have/);
  });
});
