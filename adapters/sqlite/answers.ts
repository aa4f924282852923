import { z } from 'zod/v4';

import { ANSWER_BOUNDS, type AnswerStore } from '../../app/answers/ports';
import { openDatabase, settled } from './database';

const SCHEMA = `create table if not exists answer (
    key text primary key, incident text not null, kept integer not null, answer text not null) strict;
  create index if not exists answer_kept on answer (kept)`;

const rowSchema = z.object({ incident: z.string().max(128), kept: z.number(), answer: z.string() });

/** Answers in a file of n8n's folder, for all processes that share this folder. */
export function sqliteAnswers(file: string, now: () => Date): AnswerStore {
  const { rows, transaction } = openDatabase(file, SCHEMA);
  return {
    find: (key) =>
      settled(() => {
        const sql = 'select incident, kept, answer from answer where key = ? and kept > ? and kept <= ?';
        const [row] = rows(sql, key, ...valid(now().getTime()));
        if (row === undefined) return null;
        const { kept, ...rest } = rowSchema.parse(row);
        return { ...rest, at: new Date(kept).toISOString() };
      }),
    keep: (incident, answers) =>
      settled(() => {
        const at = now().getTime();
        transaction(() => {
          for (const { key, answer } of answers)
            rows(
              'insert or replace into answer (key, incident, kept, answer) values (?, ?, ?, ?)',
              key,
              incident,
              at,
              answer,
            );
          rows('delete from answer where kept <= ? or kept > ?', ...valid(at));
          rows(
            'delete from answer where key in (select key from answer order by kept desc limit -1 offset ?)',
            ANSWER_BOUNDS.answers,
          );
        });
      }),
    forget: (keys) =>
      settled(() => {
        transaction(() => {
          for (const key of keys) rows('delete from answer where key = ?', key);
        });
      }),
  };
}

/** When what counts was kept: after the first, and not after the second. */
function valid(at: number): [number, number] {
  return [at - ANSWER_BOUNDS.minutes * 60_000, at + ANSWER_BOUNDS.laterSeconds * 1000];
}
