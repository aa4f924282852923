import type { INodeCredentialTestResult } from 'n8n-workflow';
import { z } from 'zod/v4';

import type { PostgresAccess } from '../../adapters/postgres/access';
import { postgresAnswers } from '../../adapters/postgres/answers';
import { postgresClaims } from '../../adapters/postgres/claims';
import { postgresIncidents } from '../../adapters/postgres/incidents';
import { postgresOutputs } from '../../adapters/postgres/outputs';
import { now } from './clock';
import { credentialTestResult } from './credentialTest';
import { readCredential } from './readCredential';

const accessSchema = z.object({
  host: z.string().min(1, 'is empty'),
  port: z.coerce.number().int().min(1).max(65535).default(5432),
  database: z.string().min(1, 'is empty'),
  user: z.string().min(1, 'is empty'),
  password: z.string().default(''),
  tls: z.enum(['verify', 'off']).default('verify'),
  caCertificate: z.string().default(''),
});

/** Reads the Incident PostgreSQL credential. @throws PipelineError `misconfigured` */
export function readPostgresAccess(data: object): PostgresAccess {
  const { caCertificate, ...rest } = readCredential(accessSchema, 'Incident PostgreSQL', data);
  return { ...rest, ca: caCertificate };
}

/**
 * The credential's test: makes the tables, if they are not there, and reads them. It is the same for every node, since n8n
 * takes that of any node that has the credential.
 */
export function testPostgresAccess(data: object): Promise<INodeCredentialTestResult> {
  return credentialTestResult(async () => {
    const access = readPostgresAccess(data);
    const incidents = await postgresIncidents(access, now).all();
    const tasks = await postgresClaims(access).unsettled();
    await postgresOutputs(access, now).name();
    await postgresAnswers(access).find('');
    return `Connected; ${incidents.length} incidents within the hour, ${tasks.length} tasks are open`;
  });
}
