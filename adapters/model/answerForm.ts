import { z } from 'zod/v4';

/** What every server with structured output understands. OpenAI's strict form refuses some of the others, Azure most of them. */
const UNDERSTOOD: ReadonlySet<string> = new Set([
  'type',
  'properties',
  'required',
  'additionalProperties',
  'items',
  'enum',
  'const',
  'anyOf',
]);

/**
 * The JSON Schema of an answer, as OpenAI's strict form takes it. Lengths and ranges are left out; the answer is checked
 * against the whole schema anyway.
 * @throws TypeError for a key that may be absent, which a strict form has no way to say
 */
export function formOf(schema: z.ZodType): Record<string, unknown> {
  const form = z.toJSONSchema(schema, {
    override: ({ jsonSchema }) => {
      for (const keyword of Object.keys(jsonSchema))
        if (!UNDERSTOOD.has(keyword)) Reflect.deleteProperty(jsonSchema, keyword);
      const { properties = {}, required = [] } = jsonSchema;
      const optional = Object.keys(properties).filter((key) => !required.includes(key));
      if (optional.length > 0) throw new TypeError(`an answer's key may not be optional: ${optional.join(', ')}`);
    },
  });
  // Added after all else.
  Reflect.deleteProperty(form, '$schema');
  return form;
}
