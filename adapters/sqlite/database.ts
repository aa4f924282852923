import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';

import { messageOf, PipelineError } from '../../core/errors';

/** A write of another process takes less than a millisecond; n8n's loop stands still while it is waited for. */
const PATIENCE_MS = 1_000;

export type Row = Record<string, unknown>;

/** A database in a file that several processes may share. */
export interface Database {
  rows: (sql: string, ...values: SQLInputValue[]) => Row[];
  /** Runs the work as one transaction; what throws changes nothing. */
  transaction: <T>(work: () => T) => T;
}

const databases = new Map<string, Database>();

/**
 * Opens the file, once per process, and makes what is missing.
 * @param schema makes the tables, and does nothing where they exist
 * @throws PipelineError `unreachable`, as all that is done with it
 */
export function openDatabase(file: string, schema: string): Database {
  const known = databases.get(file);
  if (known !== undefined) return known;
  const opened = explained(file, () => opening(file, schema));
  databases.set(file, opened);
  return opened;
}

function opening(file: string, schema: string): Database {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const database = new DatabaseSync(file, { timeout: PATIENCE_MS });
  // A write is appended to a log: it survives the process at once, and a power cut but for the last moments.
  database.exec(`pragma journal_mode = wal; pragma synchronous = normal; ${schema}`);
  const statements = new Map<string, StatementSync>();
  const prepared = (sql: string): StatementSync => {
    const statement = statements.get(sql) ?? database.prepare(sql);
    statements.set(sql, statement);
    return statement;
  };
  return {
    rows: (sql, ...values) => explained(file, () => prepared(sql).all(...values)),
    transaction: (work) =>
      explained(file, () => {
        database.exec('begin immediate');
        try {
          const result = work();
          database.exec('commit');
          return result;
        } catch (error) {
          // A full disk has ended the transaction already.
          if (database.isTransaction) database.exec('rollback');
          throw error;
        }
      }),
  };
}

/** By SQLite's result code (its manual, "Result and Error Codes"). */
const STEPS: Readonly<Record<number, string>> = {
  5: 'Another process holds the file for too long: find it with lsof. On a network file system SQLite cannot share a file: choose the Incident PostgreSQL credential in the node instead.',
  8: "The file cannot be written: give it, and its folder, to n8n's user.",
  10: 'The disk does not work: look at its state, and at the log of the system.',
  11: 'The file is damaged: move it away and restart n8n. A new one is made, and Pushgateway keeps what was shown of the old one.',
  13: 'The disk is full: make room.',
  14: "The file cannot be opened: give its folder to n8n's user.",
  26: 'The file is damaged: move it away and restart n8n. A new one is made, and Pushgateway keeps what was shown of the old one.',
};

function explained<T>(file: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (error instanceof PipelineError) throw error;
    const code = typeof error === 'object' && error !== null && 'errcode' in error ? Number(error.errcode) & 0xff : 0;
    throw new PipelineError('unreachable', `could not use the file ${file}: ${messageOf(error)}`, {
      nextStep: STEPS[code] ?? `Check that n8n's user may write to ${dirname(file)}, and that the disk has room.`,
      cause: error,
    });
  }
}

/** SQLite answers at once; a store in a database does not. */
export function settled<T>(run: () => T): Promise<T> {
  return new Promise((resolve) => {
    resolve(run());
  });
}
