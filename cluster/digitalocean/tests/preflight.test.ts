import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { SettingsError } from '../settings/problems';
import { SIZE } from './support/answers';
import { deployAnew } from './support/deployment';

const SIZES = 'digitalocean:index/getSizes:getSizes';
const VERSIONS = 'digitalocean:index/getKubernetesVersions:getKubernetesVersions';
const DOMAIN = 'digitalocean:index/getDomain:getDomain';
const USER = 'pagerduty:index/getUser:getUser';

type Answers = NonNullable<Parameters<typeof deployAnew>[1]>;

/** As a provider’s refusal comes from the engine. */
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

  test('so is an e-mail address that is no PagerDuty user’s', async () => {
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

  test('so is a domain whose zone is elsewhere; and all of it at once', async () => {
    const message = await problems(
      { region: 'ams3' },
      { [DOMAIN]: refused('domain not found'), [USER]: refused('Unable to locate any user') },
    );
    assert.match(message, /there are 3 problems/);
    assert.match(message, /domain is workshop\.example\.com, whose zone DigitalOcean does not have/);
  });
});
