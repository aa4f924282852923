import { dirname, join } from 'node:path';

import type { IExecuteFunctions } from 'n8n-workflow';

import { postgresOutputs } from '../../adapters/postgres/outputs';
import { sqliteOutputs } from '../../adapters/sqlite/outputs';
import type { OutputStore } from '../../app/outputs/ports';
import { now } from './clock';
import { readPostgresAccess } from './postgresCredential';

const FILE = join('n8n-nodes-incident-pipeline', 'outputs.sqlite');

/**
 * Opens the place that keeps counts and what waits to be sent: the database of the node's Incident PostgreSQL credential, if one is
 * chosen, else a file of n8n's folder.
 */
export async function openOutputStore(context: IExecuteFunctions, index: number): Promise<OutputStore> {
  if (context.getNode().credentials?.incidentPostgresApi !== undefined)
    return postgresOutputs(readPostgresAccess(await context.getCredentials('incidentPostgresApi', index)));
  // n8n gives each type of node a folder in the same place; our nodes share one.
  return sqliteOutputs(join(dirname(context.helpers.getStoragePath()), FILE), now);
}
