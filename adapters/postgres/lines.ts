import { z } from 'zod/v4';

import { beyondBounds } from '../../app/outputs/beyondBounds';
import type { LineStore, TimedLine } from '../../app/outputs/ports';
import { lineOfText, textOfLine } from '../../core/telemetry/waitingLine';
import type { Query } from './table';

export const LINES = 'incident_pipeline_output_line';

/** The index answers what waits without reading a line. */
export const LINES_SCHEMA = `create table if not exists ${LINES} (
    id bigint generated always as identity primary key, output text not null, kept timestamptz not null default now(),
    bytes bigint not null, late boolean not null default false, not_before timestamptz not null default now(),
    time text not null, line text not null);
  create index if not exists ${LINES}_of_output on ${LINES} (output, id) include (bytes, kept, not_before)`;

const lineSchema = z.object({ id: z.coerce.number(), time: z.string(), line: z.string() });
const waitingSchema = z.object({
  lines: z.coerce.number(),
  bytes: z.coerce.number(),
  since: z.coerce.number().nullable(),
});
const beyondSchema = z.object({ id: z.coerce.number(), line: z.string() });
const outputSchema = waitingSchema.extend({ output: z.string() });

const WAITING = `count(*) as lines, coalesce(sum(bytes), 0) as bytes,
  (extract(epoch from min(kept)) * 1000)::bigint::text as since`;
/** The oldest lines, as long as those before them have fewer bytes than a limit. */
const OLDEST = (which: string) => `select ${LINES}.id, time, line from (
    select id, sum(bytes) over (order by id) - bytes as before from ${LINES} where output = $1 and ${which}
      order by id limit $2) as first
  join ${LINES} using (id) where first.before < $3 order by ${LINES}.id`;

const columns = (lines: readonly TimedLine[]): [string[], string[], number[]] => {
  const texts = lines.map(({ line }) => textOfLine(line));
  return [lines.map(({ time }) => time), texts, texts.map((text) => Buffer.byteLength(text))];
};

/** Lines as rows. The database's clock is the one that counts. */
export function postgresLines(query: Query, now: () => Date): LineStore {
  const waiting = async (output: string) =>
    waitingSchema.parse((await query(`select ${WAITING} from ${LINES} where output = $1`, [output]))[0]);
  return {
    keep: async (output, lines) => {
      await query(
        `insert into ${LINES} (output, time, line, bytes)
          select $1, time, line, bytes from unnest($2::text[], $3::text[], $4::bigint[]) as given (time, line, bytes)`,
        [output, ...columns(lines)],
      );
    },
    next: async (output, { lines, bytes }) =>
      (await query(OLDEST('not_before <= now()'), [output, lines, bytes])).map((row) => {
        const { id, time, line } = lineSchema.parse(row);
        return { id, time, line: lineOfText(line) };
      }),
    waiting,
    sent: async (output, ids) =>
      (
        await query(`delete from ${LINES} where output = $1 and id = any ($2::bigint[]) returning late`, [output, ids])
      ).filter(({ late }) => late === true).length,
    late: async (output) => {
      await query(`update ${LINES} set late = true where output = $1 and not late`, [output]);
    },
    putOff: async (output, id, seconds) => {
      await query(
        `update ${LINES} set late = true, not_before = now() + make_interval(secs => $3) where output = $1 and id = $2`,
        [output, id, seconds],
      );
    },
    retime: async (output, id, line) => {
      const [[time], [text]] = columns([line]);
      await query(`update ${LINES} set late = true, time = $3, line = $4 where output = $1 and id = $2`, [
        output,
        id,
        time,
        text,
      ]);
    },
    beyond: async (output) => {
      const excess = beyondBounds(await waiting(output), now());
      if (excess === null) return [];
      const { reason, lines, bytes, before } = excess;
      const values = [output, lines, Math.min(bytes, Number.MAX_SAFE_INTEGER), Math.min(before, 8.64e15) / 1000];
      return (await query(OLDEST('kept < to_timestamp($4)'), values)).map((row) => {
        const { id, line } = beyondSchema.parse(row);
        return { id, reason, line: lineOfText(line) };
      });
    },
    replace: async (output, ids, by) => {
      const rows = await query(
        `with gone as (delete from ${LINES} where output = $1 and id = any ($2::bigint[]) returning id),
          added as (insert into ${LINES} (output, time, line, bytes)
            select $1, time, line, bytes from unnest($3::text[], $4::text[], $5::bigint[]) as given (time, line, bytes)
            where exists (select from gone))
          select id from gone`,
        [output, ids, ...columns([by])],
      );
      return rows.map(({ id }) => Number(id));
    },
    waitingOutputs: async () =>
      (await query(`select output, ${WAITING} from ${LINES} group by output order by output`)).map((row) =>
        outputSchema.parse(row),
      ),
  };
}
