import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';

import { z } from 'zod/v4';

import { type OutputStore, PAUSE_SECONDS, REMEMBERED_PASSES, TURN_SECONDS } from '../../app/outputs/ports';
import { merged } from '../../core/telemetry/samples';
import { openDatabase, settled } from './database';
import { LINES_SCHEMA, sqliteLines } from './lines';

const SCHEMA = `
  create table if not exists store (one integer primary key check (one = 1), name text not null) strict;
  create table if not exists instance (instance text primary key, version integer not null) strict;
  create table if not exists pass (
    id integer primary key autoincrement, instance text not null, pass text not null, unique (instance, pass)) strict;
  create table if not exists series (
    instance text, series text, value real not null, primary key (instance, series)) strict, without rowid;
  create table if not exists output (
    output text primary key, owner text, until integer not null, delivered integer not null default 0, problem text) strict;
`;

const ADD = `insert into series (instance, series, value) values (?, ?, ?)
  on conflict do update set value = value + excluded.value`;
const SET = `insert into series (instance, series, value) values (?, ?, ?)
  on conflict do update set value = excluded.value`;

const instanceSchema = z.object({ version: z.number() });
const seriesSchema = z.object({ series: z.string(), value: z.number() });
const turnSchema = z.object({ delivered: z.number() });
const problemSchema = z.object({ output: z.string(), problem: z.string() });
const waitSchema = z.object({ problem: z.string().nullable() });

/** Outputs in a file of n8n's folder, for all processes that share this folder. */
export function sqliteOutputs(file: string, now: () => Date): OutputStore {
  const database = openDatabase(file, SCHEMA + LINES_SCHEMA);
  const { rows, transaction } = database;

  const versionOf = (instance: string): number =>
    instanceSchema.safeParse(rows('select version from instance where instance = ?', instance)[0]).data?.version ?? 0;

  /** Whether the pass was not remembered yet. */
  const remember = (instance: string, pass: string): boolean => {
    const sql = 'insert into pass (instance, pass) values (?, ?) on conflict do nothing returning id';
    const [added] = rows(sql, instance, pass);
    if (added === undefined) return false;
    rows('delete from pass where id <= (select max(id) from pass) - ?', REMEMBERED_PASSES);
    return true;
  };

  const named = (): string => {
    const name = `${hostname()}-${randomBytes(4).toString('hex')}`;
    rows('insert into store (one, name) values (1, ?) on conflict do nothing', name);
    return z.object({ name: z.string() }).parse(rows('select name from store')[0]).name;
  };

  return {
    ...sqliteLines(database, now),
    name: () => settled(named),
    count: (instance, pass, samples) =>
      settled(() => {
        transaction(() => {
          if (pass !== null && !remember(instance, pass)) return;
          for (const { series, operation, value } of merged(samples))
            rows(operation === 'add' ? ADD : SET, instance, series, value);
          rows(
            `insert into instance (instance, version) values (?, 1)
              on conflict do update set version = version + 1`,
            instance,
          );
        });
      }),
    counts: (instance) =>
      settled(() =>
        transaction(() => ({
          version: versionOf(instance),
          values: rows('select series, value from series where instance = ?', instance).map((row) =>
            seriesSchema.parse(row),
          ),
        })),
      ),
    begin: (output, owner) =>
      settled(() => {
        const at = now().getTime();
        // No turn ends later than that, unless the clock was set back since it was taken.
        const latest = at + TURN_SECONDS * 1000;
        const [turn] = rows(
          `insert into output (output, owner, until) values (?, ?, ?)
            on conflict do update set owner = excluded.owner, until = excluded.until where until <= ? or until > ?
            returning delivered`,
          output,
          owner,
          latest,
          at,
          latest,
        );
        if (turn !== undefined) return { mine: true, ...turnSchema.parse(turn) };
        const [held] = rows(
          'select case when owner is null then problem end as problem from output where output = ?',
          output,
        );
        return { mine: false, problem: waitSchema.parse(held).problem };
      }),
    end: (output, owner, how) =>
      settled(() => {
        const [delivered, problem, until] =
          'problem' in how ? [0, how.problem, now().getTime() + PAUSE_SECONDS * 1000] : [how.delivered, null, 0];
        rows(
          `update output set owner = null, until = ?, problem = ?, delivered = max(delivered, ?)
            where output = ? and owner = ?`,
          until,
          problem,
          delivered,
          output,
          owner,
        );
      }),
    problems: () =>
      settled(() =>
        rows('select output, problem from output where problem is not null order by output').map((row) =>
          problemSchema.parse(row),
        ),
      ),
  };
}
