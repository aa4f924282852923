import { z } from 'zod/v4';

import { type Condition, parseCondition } from './falcoCondition';

/** Falco's comparison operators that take one value (falcosecurity/libs, userspace/libsinsp/filter/parser.cpp). */
const OPERATORS = ['=', '==', '!=', 'glob', 'iglob', 'contains', 'icontains', 'startswith', 'endswith'] as const;

const exceptionSchema = z
  .strictObject({
    name: z.string().min(1),
    fields: z.array(z.string().min(1)).min(1),
    comps: z.array(z.enum(OPERATORS)),
    values: z.array(z.array(z.string().min(1))).min(1),
  })
  .refine(({ fields, comps }) => fields.length === comps.length, 'Fields and comps lists must have equal length')
  .refine(
    ({ fields, values }) => values.every((row) => row.length === fields.length),
    'Fields and values lists must have equal length',
  );

/**
 * Items of a rules file that only append exceptions, as Falco's schema (rule_json_schema.h) and its loader
 * (rule_loader_reader.cpp, rule_loader_collector.cpp) take them: no further keys, and for a new exception fields, comps
 * and values.
 */
export const falcoOverridesSchema = z.array(
  z.strictObject({
    rule: z.string().min(1),
    exceptions: z.array(exceptionSchema).min(1),
    override: z.strictObject({ exceptions: z.literal('append') }),
  }),
);
type FalcoException = z.infer<typeof exceptionSchema>;

/**
 * The condition of an exception, made as Falco makes it (rule_loader_compiler.cpp): values go into the text as they are,
 * in quotes only if they have a space and no quote in front, and then the names of lists are replaced.
 */
export function exceptionCondition(
  { fields, comps, values }: FalcoException,
  lists: Readonly<Record<string, readonly string[]>> = {},
): Condition {
  const rows = values.map(
    (row) =>
      `(${fields.map((field, index) => `${field} ${comps[index] ?? ''} ${quoted(row[index] ?? '')}`).join(' and ')})`,
  );
  let text = `(${rows.join(' or ')})`;
  for (const [name, items] of Object.entries(lists))
    text = text.replace(
      new RegExp(`(?<=[\\s(),=])\\s*${name}\\s*(?=[\\s(),=])`, 'g'),
      ` ${items.map(quoted).join(', ')} `,
    );
  return parseCondition(text);
}

function quoted(value: string): string {
  return value.includes(' ') && !/^["']/.test(value) ? `"${value}"` : value;
}
