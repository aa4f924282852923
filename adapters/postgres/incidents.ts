import { type IncidentStore, NO_EXCEPTION } from '../../app/incidents/ports';
import { PipelineError } from '../../core/errors';
import { ownSubject } from '../../core/folding/key';
import { RELATED_LIMITS } from '../../core/folding/related';
import { type IncidentRecord, incidentRecordSchema } from '../../core/incident/incidentRecord';
import { DEFAULT_INCIDENT_BOUNDS } from '../../core/incident/responsePolicy';
import type { PostgresAccess } from './access';
import { KnownIncidents } from './knownIncidents';
import { postgresTable, type TableDefinition } from './table';

/**
 * The primary key lets one of many open an incident; `version` lets a write detect that another write came first. The
 * generated columns are what incidents are selected by: `costs` says that a pass may have used a model or a notification.
 * ISO 8601 in UTC sorts as text.
 */
const INCIDENTS: TableDefinition = {
  name: 'incident_pipeline_incident',
  rows: 'incidents',
  sql: `create table if not exists incident_pipeline_incident (
      name text primary key,
      spec jsonb not null,
      status jsonb not null,
      version bigint not null default 1,
      state text generated always as (status->>'state') stored,
      last_seen text collate "C" generated always as (status->>'lastSeen') stored,
      costs boolean generated always as (status @? '$.passes[*] ? (@.model == true || @.notify == true)') stored
    );
    create index if not exists incident_pipeline_incident_last_seen on incident_pipeline_incident (last_seen)`,
  // The trigger answers within two seconds, whatever the database does.
  patienceMs: 1_500,
  statementMs: 1_000,
};

const TABLE = INCIDENTS.name;
const COLUMNS = 'name, version::text as version, spec, status';

/** What counts for bounds and related incidents had an event within this time. Beyond so many, what costs comes first. */
const WINDOW = {
  ms: Math.max(RELATED_LIMITS.hours, DEFAULT_INCIDENT_BOUNDS.quietMinutes / 60) * 3_600_000,
  incidents: 1_000,
} as const;

/** Incidents without an event for so long are removed, a few at a time. */
const PRUNE = { afterMs: 30 * 24 * 3_600_000, rows: 500, everyMs: 60_000 } as const;

/**
 * Incidents as rows, for an n8n without a cluster: of any number of inserts of one name one succeeds.
 * @param skipped is called with what is wrong with a row that a list leaves out, each time
 */
export function postgresIncidents(
  access: PostgresAccess,
  now: () => Date,
  skipped: (problem: PipelineError) => void = () => undefined,
): IncidentStore {
  const query = postgresTable(access, INCIDENTS);
  const known = new KnownIncidents();
  const before = (ms: number): string => new Date(now().getTime() - ms).toISOString();

  const read = (name: string): Promise<IncidentRecord | null> =>
    known.reading(
      name,
      query(`select ${COLUMNS} from ${TABLE} where name = $1`, [name]).then(([row]) =>
        row === undefined ? null : parse(row),
      ),
    );

  /** Null when another worker was faster; what it wrote is then what is known. */
  const written = async (name: string, text: string, values: unknown[]): Promise<IncidentRecord | null> => {
    const [row] = await query(`${text} returning ${COLUMNS}`, values);
    if (row !== undefined) return known.reading(name, Promise.resolve(parse(row)));
    await read(name);
    return null;
  };

  const listed = async (): Promise<IncidentRecord[]> => {
    const rows = await query(
      `select ${COLUMNS} from ${TABLE} where last_seen >= $1
        order by costs desc, state = 'Settled', last_seen desc limit ${WINDOW.incidents}`,
      [before(WINDOW.ms)],
    );
    return rows.flatMap((row) => readable(row, skipped));
  };

  let pruned = -Infinity;
  /** Runs with the writes that make the table grow. */
  const prune = async (): Promise<void> => {
    const at = performance.now();
    if (at - pruned < PRUNE.everyMs) return;
    pruned = at;
    const old = `select name from ${TABLE} where last_seen < $1 order by last_seen limit ${PRUNE.rows}`;
    await query(`delete from ${TABLE} where name in (${old} for update skip locked)`, [before(PRUNE.afterMs)]);
  };

  return {
    settledBy: 'time',
    subjectOf: (alert) => Promise.resolve(ownSubject(alert)),
    exceptionOf: () => Promise.resolve(NO_EXCEPTION),
    bounds: () => Promise.resolve(DEFAULT_INCIDENT_BOUNDS),
    find: (name) => known.find(name) ?? read(name),
    peek: (name) => known.find(name) ?? read(name),
    all: () => known.all(listed),
    create: async (name, spec) => {
      const values = [name, text(spec), text(spec.opened)];
      const created = await written(
        name,
        `insert into ${TABLE} (name, spec, status) values ($1, $2, $3) on conflict do nothing`,
        values,
      );
      // What cannot be removed now is removed later.
      if (created !== null) void prune().catch(() => undefined);
      return created;
    },
    update: ({ metadata: { name, resourceVersion } }, status) =>
      written(name, `update ${TABLE} set status = $3, version = version + 1 where name = $1 and version = $2`, [
        name,
        resourceVersion,
        text(status),
      ]),
  };
}

/** What PostgreSQL refuses in JSON: half a surrogate pair, which a cut leaves, and the character 0. */
const UNSTORABLE = /[\p{Cs}\0]/gu;

/** JSON as PostgreSQL stores it. */
function text(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'string' ? part.replace(UNSTORABLE, '\ufffd') : part,
  );
}

/** @throws PipelineError `rejected` when somebody else changed the row to something that is not an incident */
function parse({ name, version, spec, status }: Record<string, unknown>): IncidentRecord {
  const result = incidentRecordSchema.safeParse({ metadata: { name, resourceVersion: version }, spec, status });
  if (result.success) return result.data;
  throw new PipelineError('rejected', `incident ${String(name)} is not readable: ${result.error.message}`, {
    nextStep: `Somebody else wrote it: look at its row in the table ${TABLE}, and at who may write there.`,
  });
}

/** One that somebody spoiled must not keep the others from being counted. */
function readable(row: Record<string, unknown>, skipped: (problem: PipelineError) => void): IncidentRecord[] {
  try {
    return [parse(row)];
  } catch (error) {
    if (!(error instanceof PipelineError)) throw error;
    skipped(error);
    return [];
  }
}
