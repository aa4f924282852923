import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod/v4';
import { manifestsPath } from '../../../cluster/local/paths.js';
import { fileName } from './kind.js';
import { strict } from './strict.js';

const definition = z.object({
  spec: z.object({
    group: z.string(),
    names: z.object({ kind: z.string() }),
    versions: z.array(
      z.object({
        name: z.string(),
        schema: z.object({ openAPIV3Schema: z.looseObject({ properties: z.record(z.string(), z.unknown()) }) }),
      }),
    ),
  }),
});

/** What every object has beside what its own definition names; the API server checks it by itself. */
const HEAD = { apiVersion: { type: 'string' }, kind: { type: 'string' }, metadata: { type: 'object' } };

/** Writes a schema for each kind that the project defines into the folder. */
export async function writeOwnSchemas(folder: string): Promise<void> {
  const source = manifestsPath('crds');
  const files = (await readdir(source)).filter((name) => name !== 'kustomization.yaml');
  for (const file of files) {
    const { group, names, versions } = definition.parse(parse(await readFile(join(source, file), 'utf8'))).spec;
    for (const { name, schema } of versions) {
      const { properties, ...rest } = schema.openAPIV3Schema;
      const json = strict({ ...rest, properties: { ...HEAD, ...properties } });
      await writeFile(join(folder, fileName({ group, version: name, kind: names.kind })), JSON.stringify(json));
    }
  }
}
