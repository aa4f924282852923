import { join } from 'node:path';

import { postgresOutputs } from '../../../adapters/postgres/outputs.js';
import { sqliteOutputs } from '../../../adapters/sqlite/outputs.js';
import { outputStatus } from '../../../adapters/sqlite/status.js';
import type { OutputStore } from '../../../app/outputs/ports.js';
import { reportOutputs } from '../../../app/outputs/report.js';
import { OUTPUT_FILE } from '../../../core/names.js';
import { messageOf } from '../errors.js';
import type { Plan } from '../plan.js';
import { databaseAccess } from '../postgresql/component.js';

const now = (): Date => new Date();

const fileOf = ({ n8n }: Plan): string => join(n8n.env.N8N_USER_FOLDER ?? '', '.n8n', OUTPUT_FILE);

/** Where n8n counts, and keeps what it could not send: several processes in their database, one in its folder. */
export function outputsOf(plan: Plan): OutputStore {
  const { queue, secrets } = plan;
  return queue === undefined ? sqliteOutputs(fileOf(plan), now) : postgresOutputs(databaseAccess(secrets), now);
}

/** What n8n could not send yet, a line each. Does not throw for a store that does not answer, and makes none. */
export function outputsReport(plan: Plan): Promise<string[]> {
  const report = plan.queue === undefined ? outputStatus(fileOf(plan)) : reportOutputs(outputsOf(plan));
  return report.catch((error: unknown) => [messageOf(error)]);
}
