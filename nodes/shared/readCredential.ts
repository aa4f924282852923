import type { z } from 'zod/v4';

import { PipelineError } from '../../core/errors';

/** Reads a credential's fields. @throws PipelineError `misconfigured` with the first field that is wrong */
export function readCredential<T>(schema: z.ZodType<T>, name: string, data: object): T {
  const result = schema.safeParse(data);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new PipelineError(
    'misconfigured',
    `the ${name} credential's ${issue?.path.join('.') ?? 'data'} ${issue?.message ?? 'is invalid'}`,
    { nextStep: `Open the ${name} credential and correct it.` },
  );
}
