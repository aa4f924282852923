import { Pool, type PoolConfig } from 'pg';

import { type Claim, claimRow } from '../../core/remediation/claim';
import type { ClaimStore } from '../../app/neo/ports';
import type { PostgresAccess } from './access';
import { postgresRefusal } from './refusal';

const TABLE = 'incident_pipeline_neo_task';

/** The primary key is what lets one of many claim an incident; `version` is what lets a write detect that another write came first. */
const DEFINITION = `create table if not exists ${TABLE} (
  incident text primary key,
  spec jsonb not null,
  status jsonb not null default '{}',
  version bigint not null default 1
)`;

const COLUMNS = 'spec, status, version::text as version';

/** One pool per database, kept between incidents. */
const pools = new Map<string, Pool>();

function poolOf(access: PostgresAccess): Pool {
  const key = JSON.stringify(access);
  const known = pools.get(key);
  if (known !== undefined) return known;
  const { host, port, database, user, password, ca, tls } = access;
  const config: PoolConfig = {
    host,
    port,
    database,
    user,
    password,
    max: 4,
    connectionTimeoutMillis: 10_000,
    query_timeout: 10_000,
    ssl: tls === 'off' ? false : { rejectUnauthorized: true, ...(ca === '' ? {} : { ca }) },
  };
  const pool = new Pool(config);
  // A connection that breaks while it rests: the next query opens another.
  pool.on('error', () => undefined);
  pools.set(key, pool);
  return pool;
}

/** Claims as rows: of any number of inserts with one key one succeeds. For an n8n that has no cluster to keep them in. */
export function postgresClaims(access: PostgresAccess): ClaimStore {
  const pool = poolOf(access);
  const run = async (text: string, values: unknown[] = []): Promise<Claim[]> => {
    try {
      await prepared(pool);
      const { rows } = await pool.query<Record<string, unknown>>(text, values);
      return rows.map((row) => claimRow.parse(row));
    } catch (error) {
      throw postgresRefusal(access, error);
    }
  };
  const find = async (incident: string): Promise<Claim | null> =>
    (await run(`select ${COLUMNS} from ${TABLE} where incident = $1`, [incident]))[0] ?? null;
  return {
    find,
    claim: async (spec) => {
      const [claim] = await run(
        `insert into ${TABLE} (incident, spec) values ($1, $2) on conflict do nothing returning ${COLUMNS}`,
        [spec.incident, JSON.stringify(spec)],
      );
      if (claim !== undefined) return { claim, mine: true };
      const known = await find(spec.incident);
      if (known === null)
        throw postgresRefusal(access, new Error(`the claim of incident ${spec.incident} was deleted`));
      return { claim: known, mine: false };
    },
    update: async ({ spec, version }, status) =>
      (
        await run(
          `update ${TABLE} set status = $3, version = version + 1
            where incident = $1 and version = $2 returning ${COLUMNS}`,
          [spec.incident, version, JSON.stringify(status)],
        )
      )[0] ?? null,
    unsettled: async () =>
      run(`select ${COLUMNS} from ${TABLE} where not status ? 'settledAt' order by spec->>'claimedAt'`),
  };
}

const made = new WeakMap<Pool, Promise<unknown>>();

/** The table is made once per process. Two who make it at once can both fail to, so that it is tried again. */
async function prepared(pool: Pool): Promise<void> {
  const running = made.get(pool) ?? pool.query(DEFINITION).catch(async () => pool.query(DEFINITION));
  made.set(pool, running);
  try {
    await running;
  } catch (error) {
    made.delete(pool);
    throw error;
  }
}
