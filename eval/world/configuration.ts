import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { parse } from 'yaml';
import { z } from 'zod/v4';

import { type Configuration, responsePolicySchema } from '../../core/incident/responsePolicy.js';
import { CHECKOUT } from '../paths.js';

const MANIFEST = join(CHECKOUT, 'manifests/crds/responsepolicies.yaml');

interface Schema {
  default?: unknown;
  properties?: Record<string, Schema>;
}

const definitionSchema = z.object({
  spec: z.object({
    versions: z.tuple([
      z.object({
        schema: z.object({ openAPIV3Schema: z.object({ properties: z.object({ spec: z.custom<Schema>() }) }) }),
      }),
    ]),
  }),
});

/** The ResponsePolicy that the API server makes of an empty one, in a cluster whose network policies are enforced. */
export function defaultConfiguration(): Configuration {
  const definition = definitionSchema.parse(parse(readFileSync(MANIFEST, 'utf8')));
  const { spec } = definition.spec.versions[0].schema.openAPIV3Schema.properties;
  const made = responsePolicySchema.parse({
    metadata: { name: 'default', resourceVersion: '1' },
    spec: withDefaults(spec, undefined),
  }).spec;
  return { ...made, network: { ...made.network, enforced: true } };
}

/** As the API server fills defaults in: an object's own first, then those of what is in it. */
function withDefaults({ default: own, properties = {} }: Schema, value: unknown): unknown {
  const filled = value ?? own;
  if (typeof filled !== 'object' || filled === null || Array.isArray(filled)) return filled;
  const given = filled as Record<string, unknown>;
  return {
    ...given,
    ...Object.fromEntries(
      Object.entries(properties).flatMap(([name, schema]) => {
        const inner = withDefaults(schema, given[name]);
        return inner === undefined ? [] : [[name, inner]];
      }),
    ),
  };
}
