import { setTimeout as wait } from 'node:timers/promises';

import { generate } from 'selfsigned';

import type { PostgresAccess } from '../../adapters/postgres/access';
import { postgresClaims } from '../../adapters/postgres/claims';
import { testPostgresAccess } from '../../nodes/shared/postgresCredential';
import { claimStoreContract } from '../support/claimStoreContract';
import { specOf } from '../support/claims';
import { connectTo, type RunningPostgres, startPostgres } from '../support/postgres';

/** A certificate for the loopback interface, by an authority of its own. */
async function certificate() {
  const base = { algorithm: 'sha256', keyType: 'ec', notAfterDate: new Date(Date.now() + 3_600_000) } as const;
  const authority = await generate([{ name: 'commonName', value: 'claims-ca' }], {
    ...base,
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, critical: true },
    ],
  });
  const { cert, private: key } = await generate([{ name: 'commonName', value: 'claims' }], {
    ...base,
    ca: { key: authority.private, cert: authority.cert },
    extensions: [
      { name: 'extKeyUsage', serverAuth: true },
      { name: 'subjectAltName', altNames: [{ type: 7, ip: '127.0.0.1' }] },
    ],
  });
  return { ca: authority.cert, cert, key };
}

let postgres: RunningPostgres;
let ca: string;
const access = (change: Partial<PostgresAccess> = {}): PostgresAccess => ({ ...postgres.access, ...change });

beforeAll(async () => {
  const made = await certificate();
  ({ ca } = made);
  postgres = await startPostgres(made);
}, 60_000);
afterAll(() => postgres.close());

/** A database of its own, so that nobody made the table yet. */
async function database(name: string): Promise<PostgresAccess> {
  const client = await connectTo(postgres.access);
  await client.query(`create database ${name}`);
  await client.end();
  return access({ database: name });
}

describe('a database that cannot be used is said with its name and the next step', () => {
  test.each<[string, () => Partial<PostgresAccess>, RegExp, RegExp]>([
    [
      'another password',
      () => ({ password: 'wrong' }),
      /password authentication failed/,
      /password or the user is wrong/,
    ],
    ['another user', () => ({ user: 'nobody' }), /password authentication failed/, /password or the user is wrong/],
    ['another database', () => ({ database: 'missing' }), /"missing" does not exist/, /correct its name/],
    ['another port', () => ({ port: 1 }), /nothing listens at 127\.0\.0\.1:1/, /Check the port/],
    ['another host', () => ({ host: 'claims.invalid' }), /claims\.invalid is unknown to DNS/, /Check the host name/],
    [
      'a certificate by nobody that is known',
      () => ({ tls: 'verify' }),
      /no authority that this n8n trusts/,
      /CA cert/,
    ],
    [
      'a certificate for another name',
      () => ({ tls: 'verify', ca, host: 'localhost' }),
      /not for the host name/,
      /Use/,
    ],
    [
      'an authority that is none',
      () => ({ tls: 'verify', ca: 'PEM' }),
      /CA certificate|no authority/,
      /CA certificate|PEM/,
    ],
  ])('%s', async (_what, change, reason, nextStep) => {
    const store = postgresClaims(access(change()));
    await expect(store.claim(specOf())).rejects.toMatchObject({
      name: 'PipelineError',
      code: 'unreachable',
      message: expect.stringMatching(reason) as string,
      nextStep: expect.stringMatching(nextStep) as string,
    });
    await expect(store.unsettled()).rejects.toThrow(`${access(change()).host}:${access(change()).port}`);
  });

  test('a user that may make no table', async () => {
    const limited = await database('limited');
    const client = await connectTo({ ...postgres.access, database: 'limited' });
    await client.query(`create role reader login password 'reader'; revoke create on schema public from public`);
    await client.end();
    await expect(postgresClaims({ ...limited, user: 'reader', password: 'reader' }).unsettled()).rejects.toThrow(
      /permission denied/,
    );
  });

  test('the password is in no message', async () => {
    await expect(postgresClaims(access({ password: 'correct-horse', port: 1 })).unsettled()).rejects.not.toThrow(
      /correct-horse/,
    );
  });
});

test("TLS with the authority's certificate is taken", async () => {
  const store = postgresClaims(access({ tls: 'verify', ca }));
  expect((await store.claim(specOf({ incident: 'over-tls' }))).mine).toBe(true);
  expect(await postgresClaims(access()).find('over-tls')).not.toBeNull();
});

test('the table is made once by many at once', async () => {
  const made = await database('fresh');
  // Stores of different processes: each has a pool of its own.
  const stores = Array.from({ length: 12 }, (_, index) => postgresClaims({ ...made, ca: `unused ${index}` }));
  const claims = await Promise.all(stores.map((store) => store.claim(specOf())));
  expect(claims.filter(({ mine }) => mine)).toHaveLength(1);
});

test('connections that break are made again', async () => {
  const store = postgresClaims(access({ database: 'postgres', ca: 'unused' }));
  await store.unsettled();
  const client = await connectTo(postgres.access);
  await client.query(
    `select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and state = 'idle'`,
  );
  await client.end();
  await wait(50);
  expect(await store.unsettled()).toBeInstanceOf(Array);
});

test("the credential's test says whether it works, and what is wrong", async () => {
  const { host, port, user, password } = postgres.access;
  const data = { host, port, database: 'postgres', user, password, tls: 'off' };
  expect(await testPostgresAccess(data)).toMatchObject({
    status: 'OK',
    message: expect.stringMatching(/^Connected; 0 incidents within the hour, \d+ tasks are open$/) as string,
  });
  expect(await testPostgresAccess({ ...data, password: 'wrong' })).toMatchObject({
    status: 'Error',
    message: expect.stringContaining('The password or the user is wrong') as string,
  });
  expect(await testPostgresAccess({ ...data, host: '' })).toMatchObject({
    status: 'Error',
    message: expect.stringContaining('host is empty') as string,
  });
  expect(await testPostgresAccess({ ...data, tls: 'on' })).toMatchObject({
    status: 'Error',
    message: expect.stringContaining('tls') as string,
  });
  expect((await testPostgresAccess({ host, database: 'postgres', user, password, tls: undefined, port })).status).toBe(
    'Error',
  );
});

claimStoreContract(() => Promise.resolve([postgresClaims(access()), postgresClaims(access({ ca: 'another worker' }))]));
