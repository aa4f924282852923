import type { z } from 'zod/v4';
import { type Asked, Refusal } from './answer.js';

/** The value of a JSON text; undefined for what is none. */
export function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** What is wrong with a body, a line for each thing. */
export function problems({ issues }: z.core.$ZodError): string[] {
  return issues.map(({ path, message }) => (path.length === 0 ? message : `${path.join('.')}: ${message}`));
}

/**
 * The body of an admin call. Nothing at all counts as `{}`.
 * @throws Refusal when it is not of the schema's form
 */
export function adminBody<T extends z.ZodType>({ body }: Asked, schema: T): z.output<T> {
  const text = body.toString('utf8');
  const { success, data, error } = schema.safeParse(text === '' ? {} : parsedJson(text));
  if (success) return data;
  throw new Refusal({ status: 400, body: { error: problems(error) } });
}
