import { Pool } from 'pg';

import { forgetOldest } from '../../core/forgetOldest';
import type { PostgresAccess } from './access';
import { postgresRefusal, sqlStateOf } from './refusal';

/** A table of ours, which is made where it does not exist. */
export interface TableDefinition {
  name: string;
  /** What its rows are, for errors. */
  rows: string;
  /** Makes the table, and does nothing where it exists. */
  sql: string;
  /** How long a connection and an answer are waited for. */
  patienceMs: number;
  /** After how long the server itself ends a statement; without it, the server decides. */
  statementMs?: number;
}

/** Runs one statement with its parameters. @throws PipelineError `unreachable` */
export type Query = (text: string, values?: unknown[]) => Promise<Record<string, unknown>[]>;

/** Connections of one process to one table. */
const CONNECTIONS = 4;
/** After so long without a query a connection is closed: of a credential that was changed none stays open. */
const IDLE_MS = 10_000;
/** Pools that are remembered; one that is forgotten closes its connections like any that is not used. */
const MOST = 16;

const pools = new Map<string, Pool>();

function poolOf(access: PostgresAccess, { name, patienceMs, statementMs }: TableDefinition): Pool {
  const key = JSON.stringify([name, access]);
  const known = pools.get(key);
  if (known !== undefined) return known;
  const { host, port, database, user, password, ca, tls } = access;
  const pool = new Pool({
    host,
    port,
    database,
    user,
    password,
    max: CONNECTIONS,
    idleTimeoutMillis: IDLE_MS,
    // A command that asked once ends at once.
    allowExitOnIdle: true,
    connectionTimeoutMillis: patienceMs,
    query_timeout: patienceMs,
    ...(statementMs === undefined ? {} : { statement_timeout: statementMs }),
    ssl: tls === 'off' ? false : { rejectUnauthorized: true, ...(ca === '' ? {} : { ca }) },
  });
  // A connection that breaks while it rests: the next query opens another.
  pool.on('error', () => undefined);
  pools.set(key, pool);
  forgetOldest(pools, MOST);
  return pool;
}

/** The table in this database: one pool of connections for each, kept between incidents. */
export function postgresTable(access: PostgresAccess, table: TableDefinition): Query {
  const pool = poolOf(access, table);
  return async (text, values = []) => {
    try {
      await prepared(pool, table);
      const { rows } = await pool.query<Record<string, unknown>>(text, values);
      return rows;
    } catch (error) {
      // Somebody dropped the table: the next statement makes it again.
      if (sqlStateOf(error) === UNDEFINED_TABLE) made.delete(pool);
      throw postgresRefusal(access, table.rows, error);
    }
  };
}

const UNDEFINED_TABLE = '42P01';

const made = new WeakMap<Pool, Promise<unknown>>();

/** Looks once per process whether there is a table, and makes it. */
async function prepared(pool: Pool, table: TableDefinition): Promise<void> {
  const running = made.get(pool) ?? make(pool, table);
  made.set(pool, running);
  try {
    await running;
  } catch (error) {
    made.delete(pool);
    throw error;
  }
}

/** A user without the right to make tables can use one that was made for it. */
async function make(pool: Pool, { name, sql }: TableDefinition): Promise<void> {
  const { rows } = await pool.query<{ exists: boolean }>('select to_regclass($1) is not null as exists', [name]);
  if (rows[0]?.exists === true) return;
  // Two that make it at once can both fail to, so that it is tried again.
  await pool.query(sql).catch(() => pool.query(sql));
}
