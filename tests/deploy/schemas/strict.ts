import { z } from 'zod/v4';

const schemaShape = z.record(z.string(), z.unknown());
type Schema = z.infer<typeof schemaShape>;

/** What the API server reads from a number as well as from a text, and Kubernetes' own description calls a text. */
const TEXT_OR_NUMBER = [
  'io.k8s.apimachinery.pkg.util.intstr.IntOrString',
  'io.k8s.apimachinery.pkg.api.resource.Quantity',
];

/**
 * A schema of OpenAPI as one of JSON Schema which refuses every field that it does not name, as the API server does
 * when it is asked to be strict.
 */
export function strict(schema: unknown): Schema {
  const { properties, items, additionalProperties, ...rest } = schemaShape.parse(schema);
  const named = properties === undefined ? undefined : mapValues(schemaShape.parse(properties), strict);
  return {
    ...rest,
    ...(named && { properties: named, additionalProperties: rest['x-kubernetes-preserve-unknown-fields'] === true }),
    ...(items !== undefined && { items: strict(items) }),
    ...(additionalProperties !== undefined && {
      additionalProperties:
        typeof additionalProperties === 'boolean' ? additionalProperties : strict(additionalProperties),
    }),
  };
}

/** Kubernetes' own definitions, each by its name. */
export function strictDefinitions(definitions: Record<string, unknown>): Record<string, Schema> {
  const made = mapValues(definitions, strict);
  for (const name of TEXT_OR_NUMBER) made[name] = { type: ['string', 'number'] };
  return made;
}

function mapValues<From, To>(record: Record<string, From>, map: (value: From) => To): Record<string, To> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));
}
