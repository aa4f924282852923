import type { PostgresAccess } from '../../adapters/postgres/access';
import { postgresIncidents } from '../../adapters/postgres/incidents';
import type { IncidentStore } from '../../app/incidents/ports';
import { connectTo, startPostgres } from './postgres';

export interface IncidentDatabase {
  access: PostgresAccess;
  /** Runs SQL as the database's owner, past the store. */
  sql: (text: string, values?: unknown[]) => Promise<Record<string, unknown>[]>;
  /** A store with the whole table to itself: the first thing that it does is to empty it. */
  emptyStore: (now: () => Date) => IncidentStore;
  close: () => Promise<void>;
}

/** Incidents in a real PostgreSQL. */
export async function startIncidentDatabase(tls?: { cert: string; key: string }): Promise<IncidentDatabase> {
  const postgres = await startPostgres(tls);
  const { access } = postgres;
  const client = await connectTo(access);
  await postgresIncidents(access, () => new Date()).all();
  return {
    access,
    sql: async (text, values = []) => (await client.query<Record<string, unknown>>(text, values)).rows,
    emptyStore: (now) => {
      const store = postgresIncidents(access, now);
      let emptied: Promise<unknown> | undefined;
      const empty = () => (emptied ??= client.query('delete from incident_pipeline_incident'));
      return {
        ...store,
        find: async (...asked) => empty().then(() => store.find(...asked)),
        peek: async (...asked) => empty().then(() => store.peek(...asked)),
        all: async () => empty().then(() => store.all()),
        create: async (...asked) => empty().then(() => store.create(...asked)),
        update: async (...asked) => empty().then(() => store.update(...asked)),
      };
    },
    close: async () => {
      await client.end();
      await postgres.close();
    },
  };
}
