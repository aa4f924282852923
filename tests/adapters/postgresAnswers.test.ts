import type { Client } from 'pg';

import { postgresAnswers } from '../../adapters/postgres/answers';
import { answerStoreContract } from '../support/answerStoreContract';
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

answerStoreContract(() =>
  Promise.resolve({
    // Another certificate makes another pool of connections, as another process has it.
    stores: [postgresAnswers(postgres.access), postgresAnswers({ ...postgres.access, ca: 'another' })],
    age: async (minutes) => {
      await client.query('update incident_pipeline_answer set kept = kept - make_interval(secs => $1::float8 * 60)', [
        minutes,
      ]);
    },
  }),
);

test('answers in PostgreSQL that are too old are removed when others are kept', async () => {
  const store = postgresAnswers(postgres.access);
  await client.query('delete from incident_pipeline_answer');
  await store.keep('old', [{ key: 'k', answer: '1' }]);
  await client.query("update incident_pipeline_answer set kept = kept - interval '61 minutes'");
  await store.keep('new', [{ key: 'l', answer: '1' }]);
  const { rows } = await client.query('select key from incident_pipeline_answer');
  expect(rows).toEqual([{ key: 'l' }]);
});
