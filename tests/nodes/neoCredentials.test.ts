import { testPulumiCloud } from '../../adapters/neo/credentialTest';
import { IncidentPostgresApi } from '../../credentials/IncidentPostgresApi.credentials';
import { PulumiCloudApi } from '../../credentials/PulumiCloudApi.credentials';
import { readPulumiAccess } from '../../nodes/NeoTask/credential';
import { NeoTask } from '../../nodes/NeoTask/NeoTask.node';
import { SecurityAlertTrigger } from '../../nodes/SecurityAlertTrigger/SecurityAlertTrigger.node';
import { readPostgresAccess } from '../../nodes/shared/postgresCredential';
import { type Simulated, simulateNeo } from '../support/neo';

let simulated: Simulated;
beforeAll(async () => {
  simulated = await simulateNeo();
});
afterAll(() => simulated.neo.close());

test('the test of a Pulumi Cloud credential passes for one that is right', async () => {
  await expect(testPulumiCloud(simulated.access)).resolves.toBeUndefined();
});

test.each<[string, object, RegExp, RegExp]>([
  ['a wrong token', { accessToken: 'wrong' }, /answered 401/, /access token is wrong or has expired/],
  ['another organization', { organization: 'evil' }, /answered 404/, /Check the organization \(evil\)/],
])('the test of a Pulumi Cloud credential with %s says what to do', async (_what, change, message, nextStep) => {
  await expect(testPulumiCloud({ ...simulated.access, ...change })).rejects.toMatchObject({
    message: expect.stringMatching(message) as string,
    nextStep: expect.stringMatching(nextStep) as string,
  });
});

test.each([new NeoTask(), new SecurityAlertTrigger()])(
  'the test of an Incident PostgreSQL credential is that of $description.displayName',
  async (node) => {
    const { name } = new IncidentPostgresApi();
    expect(node.description.credentials?.find((credential) => credential.name === name)).toMatchObject({
      testedBy: 'incidentPostgresTest',
    });
    const { credentialTest } = node.methods;
    const tested = await credentialTest.incidentPostgresTest.call({} as never, {
      id: '',
      name: '',
      type: '',
      data: { host: '127.0.0.1', port: 1, database: 'a', user: 'a', tls: 'off' },
    });
    expect(tested).toMatchObject({
      status: 'Error',
      message: expect.stringMatching(/nothing listens at 127\.0\.0\.1:1.*Check the port/) as string,
    });
  },
);

test('a field that holds a secret is hidden', () => {
  for (const credential of [new PulumiCloudApi(), new IncidentPostgresApi()])
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

  test("with the server's certificate checked unless it says otherwise", () => {
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
