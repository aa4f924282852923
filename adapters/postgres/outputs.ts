import { randomBytes } from 'node:crypto';

import { z } from 'zod/v4';

import { type OutputStore, PAUSE_SECONDS, REMEMBERED_PASSES, TURN_SECONDS } from '../../app/outputs/ports';
import { merged } from '../../core/telemetry/samples';
import type { PostgresAccess } from './access';
import { LINES_SCHEMA, postgresLines } from './lines';
import { postgresTable, type TableDefinition } from './table';

const PREFIX = 'incident_pipeline_output';
const STORE = `${PREFIX}_store`;
const INSTANCE = `${PREFIX}_instance`;
const PASS = `${PREFIX}_pass`;
const SERIES = `${PREFIX}_series`;

/** The table that is made last stands for all: where it is, the others are. */
const OUTPUTS: TableDefinition = {
  name: PREFIX,
  rows: 'counts and waiting lines',
  sql: `create table if not exists ${STORE} (one boolean primary key default true check (one), name text not null);
    create table if not exists ${INSTANCE} (instance text primary key, version bigint not null);
    create table if not exists ${PASS} (
      id bigint generated always as identity primary key, instance text not null, pass text not null,
      unique (instance, pass));
    create table if not exists ${SERIES} (
      instance text, series text, value double precision not null, primary key (instance, series));
    ${LINES_SCHEMA};
    create table if not exists ${PREFIX} (
      output text primary key, owner text, until timestamptz not null, delivered bigint not null default 0,
      problem text)`,
  patienceMs: 5_000,
};

/** One statement, so that a pass and what it adds are kept together or not at all. */
const COUNT = `with new as (
    insert into ${PASS} (instance, pass) select $1, $2 where $2::text is not null
      on conflict do nothing returning id
  ), counted as (
    select 1 where $2::text is null or exists (select from new)
  ), forgotten as (
    delete from ${PASS} where id <= (select id from new) - $6::bigint
  ), changed as (
    insert into ${SERIES} as held (instance, series, value)
      select $1, series, value from unnest($3::text[], $4::float8[]) as given (series, value), counted
      on conflict (instance, series) do update set value =
        case when held.series = any ($5::text[]) then excluded.value else held.value + excluded.value end
  )
  insert into ${INSTANCE} as held (instance, version) select $1, 1 from counted
    on conflict (instance) do update set version = held.version + 1`;

const countsSchema = z.object({
  version: z.coerce.number(),
  values: z.array(z.object({ series: z.string(), value: z.number() })),
});
const turnSchema = z.object({ delivered: z.coerce.number() });
const waitSchema = z.object({ problem: z.string().nullable() });
const problemSchema = z.object({ output: z.string(), problem: z.string() });
const nameSchema = z.object({ name: z.string() });

/** Outputs as rows, for all processes of all machines that reach the database. The database's clock is the one that counts. */
export function postgresOutputs(access: PostgresAccess, now: () => Date): OutputStore {
  const query = postgresTable(access, OUTPUTS);
  return {
    ...postgresLines(query, now),
    name: async () => {
      const name = `postgresql-${randomBytes(4).toString('hex')}`;
      await query(`insert into ${STORE} (name) values ($1) on conflict do nothing`, [name]);
      return nameSchema.parse((await query(`select name from ${STORE}`))[0]).name;
    },
    count: async (instance, pass, samples) => {
      const changes = merged(samples);
      const set = changes.filter(({ operation }) => operation === 'set');
      await query(COUNT, [
        instance,
        pass,
        changes.map(({ series }) => series),
        changes.map(({ value }) => value),
        set.map(({ series }) => series),
        REMEMBERED_PASSES,
      ]);
    },
    counts: async (instance) => {
      const [row] = await query(
        `select coalesce((select version from ${INSTANCE} where instance = $1), 0) as version,
          coalesce((select json_agg(json_build_object('series', series, 'value', value)) from ${SERIES}
            where instance = $1), '[]') as values`,
        [instance],
      );
      return countsSchema.parse(row);
    },
    begin: async (output, owner) => {
      const [turn] = await query(
        `insert into ${PREFIX} as held (output, owner, until) values ($1, $2, now() + make_interval(secs => $3))
          on conflict (output) do update set owner = excluded.owner, until = excluded.until where held.until <= now()
          returning delivered`,
        [output, owner, TURN_SECONDS],
      );
      if (turn !== undefined) return { mine: true, ...turnSchema.parse(turn) };
      const [held] = await query(
        `select case when owner is null then problem end as problem from ${PREFIX} where output = $1`,
        [output],
      );
      return { mine: false, problem: waitSchema.safeParse(held).data?.problem ?? null };
    },
    end: async (output, owner, how) => {
      const failed = 'problem' in how;
      await query(
        `update ${PREFIX} set owner = null, until = now() + make_interval(secs => $3), problem = $4,
          delivered = greatest(delivered, $5) where output = $1 and owner = $2`,
        [output, owner, failed ? PAUSE_SECONDS : 0, failed ? how.problem : null, failed ? 0 : how.delivered],
      );
    },
    problems: async () =>
      (await query(`select output, problem from ${PREFIX} where problem is not null order by output`)).map((row) =>
        problemSchema.parse(row),
      ),
  };
}
