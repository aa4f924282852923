import { z } from 'zod/v4';

import { ANSWER_BOUNDS, type AnswerStore } from '../../app/answers/ports';
import type { PostgresAccess } from './access';
import { postgresTable, type TableDefinition } from './table';

const ANSWERS: TableDefinition = {
  name: 'incident_pipeline_answer',
  rows: "a model's answers",
  sql: `create table if not exists incident_pipeline_answer (
      key text primary key, incident text not null, kept timestamptz not null default now(), answer text not null);
    create index if not exists incident_pipeline_answer_kept on incident_pipeline_answer (kept)`,
  // It is read before anything is decided, and it is no loss if it cannot be.
  patienceMs: 1_500,
  statementMs: 1_000,
};

const TABLE = ANSWERS.name;
const SINCE = `now() - make_interval(mins => ${ANSWER_BOUNDS.minutes})`;
const UNTIL = `now() + make_interval(secs => ${ANSWER_BOUNDS.laterSeconds})`;

const rowSchema = z.object({ incident: z.string().max(128), kept: z.date(), answer: z.string() });

/** Answers as rows, for all processes of all machines that reach the database. The database's clock is the one that counts. */
export function postgresAnswers(access: PostgresAccess): AnswerStore {
  const query = postgresTable(access, ANSWERS);
  const remove = (which: string) =>
    query(`delete from ${TABLE} where key in (select key from ${TABLE} ${which} for update skip locked)`);
  return {
    find: async (key) => {
      const sql = `select incident, kept, answer from ${TABLE} where key = $1 and kept > ${SINCE} and kept <= ${UNTIL}`;
      const [row] = await query(sql, [key]);
      if (row === undefined) return null;
      const { kept, ...rest } = rowSchema.parse(row);
      return { ...rest, at: kept.toISOString() };
    },
    keep: async (incident, answers) => {
      // In the order of the keys: two processes that keep the same wait for each other, and never in a circle.
      const sorted = [...answers].sort((one, other) => (one.key < other.key ? -1 : 1));
      await query(
        `insert into ${TABLE} as held (key, incident, answer)
          select key, $1, answer from unnest($2::text[], $3::text[]) as given (key, answer)
          on conflict (key) do update set incident = excluded.incident, answer = excluded.answer, kept = excluded.kept`,
        [incident, sorted.map(({ key }) => key), sorted.map(({ answer }) => answer)],
      );
      await remove(`where kept <= ${SINCE} or kept > ${UNTIL}`);
      await remove(`order by kept desc offset ${ANSWER_BOUNDS.answers}`);
    },
    forget: async (keys) => {
      await query(`delete from ${TABLE} where key = any ($1::text[])`, [keys]);
    },
  };
}
