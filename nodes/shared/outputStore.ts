import { dirname, join } from 'node:path';

import type { IExecuteFunctions } from 'n8n-workflow';

import { postgresOutputs } from '../../adapters/postgres/outputs';
import { sqliteOutputs } from '../../adapters/sqlite/outputs';
import type { OutputStore } from '../../app/outputs/ports';
import { OUTPUT_FILE } from '../../core/names';
import { now } from './clock';
import { patientCredentials } from './patientCredentials';
import { readPostgresAccess } from './postgresCredential';

/**
 * Opens the place that keeps counts and what waits to be sent: the database of the node's Incident PostgreSQL credential, if one is
 * chosen, else a file of n8n's folder.
 */
export async function openOutputStore(context: IExecuteFunctions, index: number): Promise<OutputStore> {
  if (context.getNode().credentials?.incidentPostgresApi !== undefined)
    return postgresOutputs(readPostgresAccess(await patientCredentials(context, 'incidentPostgresApi', index)), now);
  return sqliteOutputs(join(userFolder(context), OUTPUT_FILE), now);
}

/** n8n's folder. It gives each type of node a folder in its folder `storage`; our nodes share one there. */
export const userFolder = (context: IExecuteFunctions): string => dirname(dirname(context.helpers.getStoragePath()));

/** The n8n, whose processes have this in common: whose counts say what waits, and the instance of those who choose none. */
export const outputOwner = (context: IExecuteFunctions): string => context.getInstanceId().slice(0, 16);

/** Shows a warning beside the output of the execution, and in n8n's log. */
export function warn(context: IExecuteFunctions, message: string): void {
  context.addExecutionHints({ type: 'warning', location: 'outputPane', message });
  context.logger.warn(`${context.getNode().name}: ${message}`);
}
