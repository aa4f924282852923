import { z } from 'zod/v4';

import { beyondBounds } from '../../app/outputs/beyondBounds';
import type { LineStore, TimedLine, Waiting } from '../../app/outputs/ports';
import { lineOfText, textOfLine } from '../../core/telemetry/waitingLine';
import { type Database, settled } from './database';

/** The index answers what waits without reading a line. */
export const LINES_SCHEMA = `
  create table if not exists line (
    id integer primary key autoincrement, output text not null, kept integer not null, bytes integer not null,
    late integer not null default 0, not_before integer not null default 0, time text not null, line text not null) strict;
  create index if not exists line_of_output on line (output, id, bytes, kept, not_before)`;

const lineSchema = z.object({ id: z.number(), time: z.string(), line: z.string() });
const waitingSchema = z.object({ lines: z.number(), bytes: z.number(), since: z.number().nullable() });
const outputSchema = waitingSchema.extend({ output: z.string() });

const WAITING = 'count(*) as lines, coalesce(sum(bytes), 0) as bytes, min(kept) as since';
/** The oldest lines, as long as those before them have fewer bytes than a limit. */
const OLDEST = `select id, sum(bytes) over (order by id) - bytes as before from line
  where output = ? and not_before <= ? and kept < ? order by id limit ?`;

/** Lines in a file of n8n's folder. */
export function sqliteLines({ rows, transaction }: Database, now: () => Date): LineStore {
  const waiting = (output: string): Waiting =>
    waitingSchema.parse(rows(`select ${WAITING} from line where output = ?`, output)[0]);
  const insert = (output: string, { time, line }: TimedLine): void => {
    const text = textOfLine(line);
    const sql = 'insert into line (output, kept, bytes, time, line) values (?, ?, ?, ?, ?)';
    rows(sql, output, now().getTime(), Buffer.byteLength(text), time, text);
  };
  const remove = (output: string, ids: readonly number[]) =>
    ids.flatMap((id) => rows('delete from line where output = ? and id = ? returning id, late', output, id));
  const oldest = (output: string, most: { lines: number; bytes: number; before: number }, due: number) =>
    rows(
      `select line.id, time, line from (${OLDEST}) as first join line using (id) where first.before < ? order by line.id`,
      output,
      due,
      finite(most.before),
      most.lines,
      finite(most.bytes),
    ).map((row) => lineSchema.parse(row));

  return {
    keep: (output, lines) =>
      settled(() => {
        transaction(() => {
          for (const line of lines) insert(output, line);
        });
      }),
    next: (output, most) =>
      settled(() =>
        oldest(output, { ...most, before: Infinity }, now().getTime()).map(({ id, time, line }) => ({
          id,
          time,
          line: lineOfText(line),
        })),
      ),
    waiting: (output) => settled(() => waiting(output)),
    sent: (output, ids) =>
      settled(() => transaction(() => remove(output, ids).filter(({ late }) => late === 1).length)),
    late: (output) => settled(() => void rows('update line set late = 1 where output = ? and late = 0', output)),
    putOff: (output, id, seconds) =>
      settled(() => {
        const until = now().getTime() + seconds * 1000;
        rows('update line set late = 1, not_before = ? where output = ? and id = ?', until, output, id);
      }),
    retime: (output, id, { time, line }) =>
      settled(() => {
        const sql = 'update line set late = 1, time = ?, line = ? where output = ? and id = ?';
        rows(sql, time, textOfLine(line), output, id);
      }),
    beyond: (output) =>
      settled(() => {
        const excess = beyondBounds(waiting(output), now());
        if (excess === null) return [];
        const { reason } = excess;
        return oldest(output, excess, Number.MAX_SAFE_INTEGER).map(({ id, line }) => ({
          id,
          reason,
          line: lineOfText(line),
        }));
      }),
    replace: (output, ids, by) =>
      settled(() =>
        transaction(() => {
          const gone = remove(output, ids).map(({ id }) => Number(id));
          if (gone.length > 0) insert(output, by);
          return gone;
        }),
      ),
    waitingOutputs: () =>
      settled(() =>
        rows(`select output, ${WAITING} from line group by output order by output`).map((row) =>
          outputSchema.parse(row),
        ),
      ),
  };
}

/** SQLite has no infinite integer. */
const finite = (value: number): number => Math.min(value, Number.MAX_SAFE_INTEGER);
