import { ClaimsPostgresApi } from '../../credentials/ClaimsPostgresApi.credentials';
import { PulumiCloudApi } from '../../credentials/PulumiCloudApi.credentials';
import { readPostgresAccess, readPulumiAccess } from '../../nodes/NeoTask/credential';
import { NeoTask } from '../../nodes/NeoTask/NeoTask.node';
import { call } from '../simulators/support/call';
import { type Simulated, simulateNeo } from '../support/neo';

let simulated: Simulated;
beforeAll(async () => {
  simulated = await simulateNeo();
});
afterAll(() => simulated.neo.close());

/** As n8n fills the credential's expressions in. */
const filled = (text: unknown, credential: Record<string, string>): string =>
  String(text)
    .replace(/^=/, '')
    .replace(/\{\{ \$credentials\.(\w+) \}\}/g, (_, name: string) => credential[name] ?? '');

test.each([
  ['that is right', {}, 200],
  ['with a wrong token', { accessToken: 'wrong' }, 401],
  ['for another organization', { organization: 'evil' }, 404],
])('the test of a Pulumi Cloud credential %s', async (_what, change, status) => {
  const { authenticate, test } = new PulumiCloudApi();
  const credential = { ...simulated.access, ...change };
  const headers = Object.fromEntries(
    Object.entries(authenticate.properties.headers ?? {}).map(([name, value]) => [name, filled(value, credential)]),
  );
  const url = `${filled(test.request.baseURL, credential)}${filled(test.request.url, credential)}`;
  expect((await call('GET', url, { headers })).status).toBe(status);
});

test('the test of a Claims PostgreSQL credential is the node’s', async () => {
  const [, , claims] = new NeoTask().description.credentials ?? [];
  expect(claims).toMatchObject({ name: new ClaimsPostgresApi().name, testedBy: 'claimsPostgresTest' });
  const { credentialTest } = new NeoTask().methods;
  const tested = await credentialTest.claimsPostgresTest.call({} as never, {
    id: '',
    name: '',
    type: '',
    data: { host: '127.0.0.1', port: 1, database: 'a', user: 'a', tls: 'off' },
  });
  expect(tested).toMatchObject({
    status: 'Error',
    message: expect.stringMatching(/ECONNREFUSED.*Check the Postgres credential/) as string,
  });
});

test('a field that holds a secret is hidden', () => {
  for (const credential of [new PulumiCloudApi(), new ClaimsPostgresApi()])
    for (const { name, typeOptions } of credential.properties)
      expect([name, typeOptions?.password === true]).toEqual([name, ['accessToken', 'password'].includes(name)]);
});

describe('a credential is read', () => {
  const PULUMI = { url: 'https://api.pulumi.com', organization: 'acme', accessToken: 'token' };
  const POSTGRES = { host: 'db', database: 'n8n', user: 'n8n' };

  test.each<[string, object, RegExp]>([
    ['plain http', { ...PULUMI, url: 'http://api.pulumi.com' }, /url must be an https URL/],
    ['another protocol', { ...PULUMI, url: 'file:///etc/passwd' }, /url must be an https URL/],
    ['no token', { ...PULUMI, accessToken: '' }, /accessToken is empty/],
    ['nothing', {}, /url must be an https URL/],
  ])('not with %s', (_what, data, reason) => {
    expect(() => readPulumiAccess(data)).toThrow(reason);
  });

  test.each<[string, object, RegExp]>([
    ['no host', { ...POSTGRES, host: '' }, /host is empty/],
    ['a port that is none', { ...POSTGRES, port: 70_000 }, /port/],
    ['TLS that checks nothing', { ...POSTGRES, tls: 'no-verify' }, /tls/],
  ])('not with %s', (_what, data, reason) => {
    expect(() => readPostgresAccess(data)).toThrow(reason);
  });

  test('with the server’s certificate checked unless it says otherwise', () => {
    expect(readPostgresAccess({ ...POSTGRES, port: '5433' })).toEqual({
      ...POSTGRES,
      port: 5433,
      password: '',
      tls: 'verify',
      ca: '',
    });
    expect(readPulumiAccess(PULUMI)).toEqual(PULUMI);
  });
});
