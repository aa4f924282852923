import { z } from 'zod/v4';

type Known = z.ZodObject | z.ZodDiscriminatedUnion<z.ZodObject[]>;

/**
 * A schema for a stored object that is written back whole: it keeps the fields that it does not know. During an upgrade processes of
 * two versions work beside each other, and the older one must not remove what the newer one wrote. A field that another form of a
 * union knows is not kept.
 */
export function keepUnknown<Schema extends Known>(schema: Schema): z.ZodType<z.output<Schema>, z.input<Schema>> {
  const known = new Set(formsOf(schema).flatMap((form) => Object.keys(form.shape)));
  const unknown = z
    .looseObject({})
    .transform((value) => Object.fromEntries(Object.entries(value).filter(([name]) => !known.has(name))));
  return z.intersection(schema, unknown) as unknown as z.ZodType<z.output<Schema>, z.input<Schema>>;
}

const formsOf = (schema: Known): readonly z.ZodObject[] =>
  schema instanceof z.ZodDiscriminatedUnion ? schema.options : [schema];
