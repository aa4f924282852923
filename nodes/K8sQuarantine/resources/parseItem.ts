import type { IDataObject } from 'n8n-workflow';
import type { z } from 'zod/v4';

import { PipelineError } from '../../../core/errors';

/** Reads the keys that an earlier operation gave. @throws PipelineError `bad_item` when one is missing or was changed */
export function parseItem<T>(schema: z.ZodType<T>, json: IDataObject, what: string): T {
  const result = schema.safeParse(json);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new PipelineError(
    'bad_item',
    `the item is no ${what}: ${issue?.path.join('.') ?? 'item'}: ${issue?.message ?? 'invalid'}`,
    { nextStep: 'Connect this node after Get Due for Review, and do not change the keys of its items.' },
  );
}
