import type { INodeCredentialTestResult } from 'n8n-workflow';
import { z } from 'zod/v4';

import type { PulumiCloudAccess } from '../../adapters/neo/call';
import { testPulumiCloud } from '../../adapters/neo/credentialTest';
import type { PostgresAccess } from '../../adapters/postgres/access';
import { postgresClaims } from '../../adapters/postgres/claims';
import { PipelineError } from '../../core/errors';
import { credentialTestResult } from '../shared/credentialTest';

const pulumiSchema = z.object({
  url: z.url({ protocol: /^https$/, error: 'must be an https URL, for example https://api.pulumi.com' }),
  organization: z.string().min(1, 'is empty'),
  accessToken: z.string().min(1, 'is empty'),
});

const postgresSchema = z.object({
  host: z.string().min(1, 'is empty'),
  port: z.coerce.number().int().min(1).max(65535).default(5432),
  database: z.string().min(1, 'is empty'),
  user: z.string().min(1, 'is empty'),
  password: z.string().default(''),
  tls: z.enum(['verify', 'off']).default('verify'),
  caCertificate: z.string().default(''),
});

/** Reads the Pulumi Cloud credential. @throws PipelineError `misconfigured` */
export function readPulumiAccess(data: object): PulumiCloudAccess {
  return read(pulumiSchema, 'Pulumi Cloud', data);
}

/** Reads the Claims PostgreSQL credential. @throws PipelineError `misconfigured` */
export function readPostgresAccess(data: object): PostgresAccess {
  const { caCertificate, ...rest } = read(postgresSchema, 'Claims PostgreSQL', data);
  return { ...rest, ca: caCertificate };
}

/** The Pulumi Cloud credential's test: asks for one of the organization's tasks. */
export function testPulumiCloudCredential(data: object): Promise<INodeCredentialTestResult> {
  return credentialTestResult(async () => {
    const access = readPulumiAccess(data);
    await testPulumiCloud(access);
    return `Neo can be asked in ${access.organization}`;
  });
}

/** The Claims PostgreSQL credential's test: makes the table, if it is not there, and reads it. */
export function testClaimsPostgres(data: object): Promise<INodeCredentialTestResult> {
  return credentialTestResult(async () => {
    const open = await postgresClaims(readPostgresAccess(data)).unsettled();
    return `Connected; ${open.length} tasks are open`;
  });
}

function read<T>(schema: z.ZodType<T>, name: string, data: object): T {
  const result = schema.safeParse(data);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new PipelineError(
    'misconfigured',
    `the ${name} credential's ${issue?.path.join('.') ?? 'data'} ${issue?.message ?? 'is invalid'}`,
    { nextStep: `Open the ${name} credential and correct it.` },
  );
}
