import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';

import { Pool } from 'pg';

import { memoryIncidents } from '../../adapters/memory/incidents';
import type { PostgresAccess } from '../../adapters/postgres/access';
import { postgresIncidents } from '../../adapters/postgres/incidents';
import type { IncidentStore } from '../../app/incidents/ports';
import { until } from '../../cluster/local/process/wait';
import type { PipelineError } from '../../core/errors';
import { type IncidentRecord, statusOf } from '../../core/incident/incidentRecord';
import { type IncidentDatabase, startIncidentDatabase } from '../support/incidentDatabase';
import { incidentStoreContract, specFrom } from '../support/incidentStoreContract';
import { connectTo } from '../support/postgres';

const TABLE = 'incident_pipeline_incident';
const HOUR_MS = 3_600_000;

let database: IncidentDatabase;
beforeAll(async () => {
  database = await startIncidentDatabase();
}, 60_000);
afterAll(() => database.close());

const now = () => new Date();
const ago = (ms: number) => new Date(Date.now() - ms);
const store = (change: Partial<PostgresAccess> = {}): IncidentStore =>
  postgresIncidents({ ...database.access, ...change }, now);
const newName = () => `incident-${randomUUID()}`;
/** What the store says is wrong. */
const problemOf = async (work: Promise<unknown>): Promise<Pick<PipelineError, 'code' | 'message' | 'nextStep'>> => {
  const { code, message, nextStep } = await work.then(
    () => Promise.reject(new Error('nothing was wrong')),
    (error: unknown) => error as PipelineError,
  );
  return { code, message, nextStep };
};
const opened = async (at: IncidentStore, spec = specFrom()): Promise<IncidentRecord> => {
  const record = await at.create(newName(), spec);
  if (record === null) throw new Error('it was there');
  return record;
};
const namesOf = (records: IncidentRecord[]) => records.map(({ metadata }) => metadata.name);
/** Waits until a count is what it has to become. */
const becomes = async (count: () => Promise<number>, expected: number) =>
  until(`${expected}`, 30, async () => {
    expect(await count()).toBe(expected);
    return true;
  });
/** A database of its own, in which nobody made the table. */
const freshDatabase = async (
  name: string,
): Promise<{ access: PostgresAccess; sql: (text: string) => Promise<void> }> => {
  await database.sql(`create database ${name}`);
  const access = { ...database.access, database: name };
  return {
    access,
    sql: async (text) => {
      const client = await connectTo({ ...access, database: name });
      await client.query(text);
      await client.end();
    },
  };
};

describe('incidents in PostgreSQL: a database that cannot be used', () => {
  test.each<[string, Partial<PostgresAccess>, RegExp, RegExp]>([
    ['is gone', { port: 1 }, /the incidents in PostgreSQL .*nothing listens at 127\.0\.0\.1:1/, /Check the port/],
    ['refuses the password', { password: 'wrong' }, /password authentication failed/, /password or the user is wrong/],
    ['has another name', { database: 'missing' }, /"missing" does not exist/, /correct its name/],
  ])('that %s is reported by every method', async (_what, change, message, nextStep) => {
    const broken = store(change);
    const record = { metadata: { name: newName(), resourceVersion: '1' }, spec: specFrom() };
    for (const work of [
      () => broken.find(newName()),
      () => broken.all(),
      () => broken.create(newName(), specFrom()),
      () => broken.update(record, record.spec.opened),
    ]) {
      const problem = await problemOf(work());
      expect(problem).toMatchObject({
        code: 'unreachable',
        message: expect.stringMatching(message) as string,
        nextStep: expect.stringMatching(nextStep) as string,
      });
      expect(problem.message).not.toContain(database.access.password);
    }
  });

  test('that takes the connection and says nothing is given up', async () => {
    const sockets: Socket[] = [];
    const silent = createServer((socket) => sockets.push(socket)).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as AddressInfo;
    expect(await problemOf(store({ port }).find(newName()))).toMatchObject({
      code: 'unreachable',
      nextStep: expect.stringContaining('did not answer in time') as string,
    });
    for (const socket of sockets) socket.destroy();
    silent.close();
  });

  test('in which the user may make no table says what to grant; one that was made for the user is enough', async () => {
    const { access, sql } = await freshDatabase('limited');
    await sql(`create role writer login password 'writer'; revoke create on schema public from public`);
    const limited = postgresIncidents({ ...access, user: 'writer', password: 'writer' }, now);
    expect(await problemOf(limited.all())).toMatchObject({
      message: expect.stringContaining('permission denied') as string,
      nextStep: expect.stringContaining('GRANT CREATE ON SCHEMA public TO writer') as string,
    });
    await postgresIncidents(access, now).all();
    expect(await problemOf(limited.all())).toMatchObject({
      nextStep: expect.stringContaining('SELECT, INSERT, UPDATE and DELETE') as string,
    });
    await sql(`grant select, insert, update, delete on ${TABLE} to writer`);
    const record = await opened(limited);
    expect(await limited.update(record, { ...statusOf(record), count: 2 })).not.toBeNull();
  });

  test('whose table is removed meanwhile is an error once; then the table is made again', async () => {
    const { access, sql } = await freshDatabase('dropped');
    const kept = postgresIncidents(access, now);
    await opened(kept);
    await sql(`drop table ${TABLE}`);
    expect(await problemOf(kept.find(newName()))).toMatchObject({
      nextStep: expect.stringContaining('makes it again') as string,
    });
    await opened(kept);
  });

  test('that holds the table is given up, and works again afterwards', async () => {
    const { access } = await freshDatabase('locked');
    const kept = postgresIncidents(access, now);
    await kept.all();
    const holder = await connectTo({ ...access, database: 'locked' });
    await holder.query(`begin; lock table ${TABLE} in access exclusive mode`);
    expect(await problemOf(kept.find(newName()))).toMatchObject({
      message: expect.stringContaining('statement timeout') as string,
      nextStep: expect.stringContaining('pg_stat_activity') as string,
    });
    await holder.query('rollback');
    await holder.end();
    expect(await kept.find(newName())).toBeNull();
  });
});

describe('incidents in PostgreSQL: a row that somebody else wrote', () => {
  test.each<[string, string]>([
    ['an empty status', `'{}'`],
    ['a state that does not exist', `jsonb_set(status, '{state}', '"Forgotten"')`],
    ['no object', `'"text"'`],
  ])('with %s is reported, is in no list, and stays as it is', async (_what, status) => {
    const { metadata } = await opened(store());
    await database.sql(`update ${TABLE} set status = ${status} where name = $1`, [metadata.name]);
    const row = () => database.sql(`select * from ${TABLE} where name = $1`, [metadata.name]);
    const [before] = await row();
    const other = store({ ca: randomUUID() });
    expect(await problemOf(other.find(metadata.name))).toMatchObject({
      code: 'rejected',
      message: expect.stringContaining(`${metadata.name} is not readable`) as string,
      nextStep: expect.stringContaining(TABLE) as string,
    });
    expect(await problemOf(other.create(metadata.name, specFrom()))).toMatchObject({ code: 'rejected' });
    expect(namesOf(await other.all())).not.toContain(metadata.name);
    expect(await row()).toEqual([before]);
    await database.sql(`delete from ${TABLE} where name = $1`, [metadata.name]);
  });

  test('that a list leaves out is named to the one who lists', async () => {
    const { metadata } = await opened(store());
    const { name } = metadata;
    await database.sql(`update ${TABLE} set status = jsonb_set(status, '{count}', '-1') where name = $1`, [name]);
    const skipped: PipelineError[] = [];
    await postgresIncidents({ ...database.access, ca: randomUUID() }, now, (problem) => skipped.push(problem)).all();
    expect(skipped.map(({ message }) => message)).toEqual([expect.stringContaining(`${name} is not readable`)]);
    await database.sql(`delete from ${TABLE} where name = $1`, [name]);
  });

  test('and deleted: the incident is opened again', async () => {
    const [one, other] = [store(), store()];
    const record = await opened(one);
    await database.sql(`delete from ${TABLE} where name = $1`, [record.metadata.name]);
    expect(await one.update(record, statusOf(record))).toBeNull();
    expect(await one.find(record.metadata.name)).toBeNull();
    expect(await other.create(record.metadata.name, specFrom())).not.toBeNull();
  });
});

test('incidents in PostgreSQL hold every text, and none of it is SQL', async () => {
  const name = `'; drop table ${TABLE}; --`;
  const kept = store();
  const rule = `a\0b\ud800 "quoted" \\ 'single' $1 😀`;
  const record = await kept.create(name, specFrom({ rule }));
  expect(record?.spec.rule).toBe(`a\ufffdb\ufffd "quoted" \\ 'single' $1 😀`);
  expect((await store().find(name))?.spec).toEqual(record?.spec);
});

describe('incidents in PostgreSQL: queries', () => {
  let queries: jest.SpyInstance;
  beforeEach(() => {
    queries = jest.spyOn(Pool.prototype, 'query');
  });
  afterEach(() => jest.restoreAllMocks());
  /** At most so many, and as many again for each second that it took. */
  const expectAtMost = (most: number, since: number) => {
    expect(queries.mock.calls.length).toBeLessThanOrEqual(most * (1 + Math.ceil((performance.now() - since) / 1000)));
  };

  test('of a flood of repeats are at most one a second', async () => {
    const kept = store();
    const { metadata } = await opened(kept);
    queries.mockClear();
    const since = performance.now();
    for (let event = 0; event < 5000; event += 1) await kept.find(metadata.name);
    expectAtMost(1, since);
  });

  test('of many events at the same moment are one', async () => {
    const kept = store();
    await kept.all();
    queries.mockClear();
    const since = performance.now();
    const name = newName();
    await Promise.all(Array.from({ length: 200 }, () => kept.find(name)));
    await Promise.all(Array.from({ length: 200 }, () => kept.all()));
    expectAtMost(2, since);
  });

  test('of all incidents hold what this process wrote since, however many others it asked for', async () => {
    jest.spyOn(performance, 'now').mockReturnValue(1_000_000);
    const kept = store();
    await kept.all();
    const { metadata } = await opened(kept);
    for (let event = 0; event < 600; event += 1) await kept.find(newName());
    expect(namesOf(await kept.all())).toContain(metadata.name);
  });

  test('see what another worker wrote after a second, and at once when a write was refused', async () => {
    const clock = jest.spyOn(performance, 'now');
    const [one, other] = [store(), store()];
    const record = await opened(one);
    const { name } = record.metadata;
    const countOf = async () => statusOf((await other.find(name)) ?? record).count;
    const listed = async () =>
      statusOf((await other.all()).find(({ metadata }) => metadata.name === name) ?? record).count;
    clock.mockReturnValue(1_000_000);
    expect([await countOf(), await listed()]).toEqual([1, 1]);
    await one.update(record, { ...statusOf(record), count: 2 });
    clock.mockReturnValue(1_000_999);
    expect([await countOf(), await listed()]).toEqual([1, 1]);
    clock.mockReturnValue(1_001_001);
    expect([await countOf(), await listed()]).toEqual([2, 2]);
    const seen = await other.find(name);
    if (seen !== null) await one.update(seen, { ...statusOf(seen), count: 3 });
    expect(await countOf()).toBe(2);
    expect(await other.update(seen ?? record, statusOf(record))).toBeNull();
    expect([await countOf(), await listed()]).toEqual([3, 3]);
  });

  test('use four connections at most, which are closed when nobody needs them', async () => {
    const { access } = await freshDatabase('pooled');
    const connections = async () =>
      Number((await database.sql(`select count(*) from pg_stat_activity where datname = 'pooled'`))[0]?.count);
    const kept = postgresIncidents(access, now);
    await Promise.all(Array.from({ length: 400 }, () => kept.find(newName())));
    expect(await connections()).toBeGreaterThan(0);
    expect(await connections()).toBeLessThanOrEqual(4);
    await becomes(connections, 0);
  });
});

describe('incidents in PostgreSQL: what is listed and kept', () => {
  beforeEach(() => database.sql(`delete from ${TABLE}`));
  /** Rows like one that is there, each with its own name. */
  const copies = (of: IncidentRecord, many: number) =>
    database.sql(
      `insert into ${TABLE} (name, spec, status) select name || '-' || n, spec, status
        from ${TABLE}, generate_series(1, $2::int) n where name = $1`,
      [of.metadata.name, many],
    );
  const count = async () => Number((await database.sql(`select count(*) from ${TABLE}`))[0]?.count);

  test('are the incidents with an event within the hour', async () => {
    const recent = await opened(store(), specFrom({}, ago(0.9 * HOUR_MS)));
    const old = await opened(store(), specFrom({}, ago(1.1 * HOUR_MS)));
    const names = namesOf(await store().all());
    expect(names).toContain(recent.metadata.name);
    expect(names).not.toContain(old.metadata.name);
  });

  test('of more than a thousand, those that used a model or a notification and those that are open come first', async () => {
    const kept = store();
    const asked = await opened(kept, specFrom({}, ago(HOUR_MS / 2)));
    await kept.update(asked, { ...statusOf(asked), state: 'Settled' });
    const spec = specFrom({}, ago(HOUR_MS / 3));
    const passes = spec.opened.passes.map((pass) => ({ ...pass, model: false, notify: false }));
    const open = await opened(kept, { ...spec, opened: { ...spec.opened, passes } });
    const noise = specFrom();
    const loud = await opened(kept, { ...noise, opened: { ...noise.opened, state: 'Settled', passes } });
    await copies(loud, 3000);
    const names = namesOf(await store().all());
    expect(names).toHaveLength(1000);
    expect(names).toEqual(expect.arrayContaining([asked.metadata.name, open.metadata.name]));
  });

  test('for thirty days after the last event; what is older is removed, a few hundred at a time', async () => {
    const younger = await opened(store(), specFrom({}, ago(29 * 24 * HOUR_MS)));
    const kept = store();
    const older = await opened(kept, specFrom({}, ago(31 * 24 * HOUR_MS)));
    await becomes(count, 1);
    await database.sql(`insert into ${TABLE} (name, spec, status) values ($1, $2, $3)`, [
      older.metadata.name,
      JSON.stringify(older.spec),
      JSON.stringify(older.spec.opened),
    ]);
    await copies(older, 699);
    // A process removes once a minute: these two are other processes.
    await opened(store());
    await becomes(count, 1 + 700 - 500 + 1);
    await opened(store());
    await becomes(count, 3);
    expect(await store().find(younger.metadata.name)).not.toBeNull();
    expect(await store().find(older.metadata.name)).toBeNull();
  });
});

describe('in PostgreSQL', () => {
  incidentStoreContract(() => Promise.resolve([store(), store({ ca: 'another worker' })]));
});

describe('in memory', () => {
  const memory = memoryIncidents();
  incidentStoreContract(() => Promise.resolve([memory, memory]));
});

test('neither is settled by a workflow', () => {
  expect([store().settledBy, memoryIncidents().settledBy]).toEqual(['time', 'time']);
});
