import { type Claim, claimRow } from '../../core/remediation/claim';
import { type ClaimStore, MOST_OF_FINDING } from '../../app/neo/ports';
import type { PipelineError } from '../../core/errors';
import type { PostgresAccess } from './access';
import { postgresRefusal } from './refusal';
import { postgresTable, type TableDefinition } from './table';

/** The primary key is what lets one of many claim an incident; `version` is what lets a write detect that another write came first. */
const CLAIMS: TableDefinition = {
  name: 'incident_pipeline_neo_task',
  rows: 'claims',
  sql: `create table if not exists incident_pipeline_neo_task (
    incident text primary key,
    spec jsonb not null,
    status jsonb not null default '{}',
    version bigint not null default 1
  )`,
  patienceMs: 10_000,
};

const COLUMNS = 'spec, status, version::text as version';

/** Claims as rows: of any number of inserts with one key one succeeds. For an n8n that has no cluster to keep them in. */
export function postgresClaims(access: PostgresAccess): ClaimStore {
  const query = postgresTable(access, CLAIMS);
  const refused = (error: unknown): PipelineError => postgresRefusal(access, CLAIMS.rows, error);
  const run = async (text: string, values: unknown[] = []): Promise<Claim[]> => {
    const rows = await query(text, values);
    try {
      return rows.map((row) => claimRow.parse(row));
    } catch (error) {
      throw refused(error);
    }
  };
  const find = async (incident: string): Promise<Claim | null> =>
    (await run(`select ${COLUMNS} from ${CLAIMS.name} where incident = $1`, [incident]))[0] ?? null;
  return {
    find,
    claim: async (spec) => {
      const [claim] = await run(
        `insert into ${CLAIMS.name} (incident, spec) values ($1, $2) on conflict do nothing returning ${COLUMNS}`,
        [spec.incident, JSON.stringify(spec)],
      );
      if (claim !== undefined) return { claim, mine: true };
      const known = await find(spec.incident);
      if (known === null) throw refused(new Error(`the claim of incident ${spec.incident} was deleted`));
      return { claim: known, mine: false };
    },
    update: async ({ spec, version }, status) =>
      (
        await run(
          `update ${CLAIMS.name} set status = $3, version = version + 1
            where incident = $1 and version = $2 returning ${COLUMNS}`,
          [spec.incident, version, JSON.stringify(status)],
        )
      )[0] ?? null,
    ofFinding: async (key) =>
      run(
        `select ${COLUMNS} from ${CLAIMS.name} where spec->'finding'->>'key' = $1 order by spec->>'claimedAt' desc limit $2`,
        [key, MOST_OF_FINDING],
      ),
    unsettled: async () =>
      run(`select ${COLUMNS} from ${CLAIMS.name} where not status ? 'settledAt' order by spec->>'claimedAt'`),
  };
}
