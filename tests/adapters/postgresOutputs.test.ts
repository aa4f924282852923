import type { Client } from 'pg';

import { postgresOutputs } from '../../adapters/postgres/outputs';
import { counted } from '../../core/telemetry/samples';
import { testPostgresAccess } from '../../nodes/shared/postgresCredential';
import { outputStoreContract } from '../support/outputStoreContract';
import { connectTo, type RunningPostgres, startPostgres } from '../support/postgres';

let postgres: RunningPostgres;
let client: Client;
beforeAll(async () => {
  postgres = await startPostgres();
  client = await connectTo(postgres.access);
}, 60_000);
afterAll(async () => {
  await client.end();
  await postgres.close();
});

// The name that a client gives itself makes another pool of connections, as another process has it.
const worker = (user = postgres.access.user, more = '') =>
  postgresOutputs({ ...postgres.access, user, ca: more }, () => new Date());

outputStoreContract(() =>
  Promise.resolve({
    stores: [worker(), worker(undefined, 'another')],
    pass: async () => {
      await client.query("update incident_pipeline_output set until = now() - interval '1 second'");
      await client.query('update incident_pipeline_output_line set not_before = now()');
    },
    age: async (output, days) => {
      const sql = 'update incident_pipeline_output_line set kept = kept - make_interval(days => $2) where output = $1';
      await client.query(sql, [output, days]);
    },
  }),
);

describe('outputs in PostgreSQL', () => {
  test('are made again where somebody dropped the tables', async () => {
    const store = worker();
    await store.count('dropped', 'a', counted('incident_pipeline_events_total'));
    await client.query(
      `drop table incident_pipeline_output, incident_pipeline_output_series, incident_pipeline_output_pass,
        incident_pipeline_output_instance, incident_pipeline_output_line, incident_pipeline_output_store`,
    );
    await expect(store.counts('dropped')).rejects.toThrow('could not use the counts and waiting lines in PostgreSQL');
    expect(await store.counts('dropped')).toEqual({ version: 0, values: [] });
  });

  test('of a user who may make no tables say which right is missing', async () => {
    await client.query("create role reader login password 'claims-only-for-tests'");
    await client.query('revoke create on schema public from public');
    await client.query(
      `drop table incident_pipeline_output, incident_pipeline_output_series, incident_pipeline_output_pass,
        incident_pipeline_output_instance, incident_pipeline_output_line, incident_pipeline_output_store`,
    );
    await expect(worker('reader').name()).rejects.toMatchObject({
      code: 'unreachable',
      nextStep: expect.stringContaining('GRANT CREATE ON SCHEMA public TO reader') as string,
    });
  });

  test('are part of the test of the credential', async () => {
    const { host, port, database, user, password } = postgres.access;
    expect(await testPostgresAccess({ host, port, database, user, password, tls: 'off' })).toMatchObject({
      status: 'OK',
    });
    expect((await client.query("select to_regclass('incident_pipeline_output') as made")).rows).toEqual([
      { made: 'incident_pipeline_output' },
    ]);
  });
});
