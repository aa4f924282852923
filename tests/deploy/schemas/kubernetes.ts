import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { z } from 'zod/v4';
import { StackError } from '../../../cluster/local/errors.js';
import { LOCAL } from '../../../cluster/local/paths.js';
import { fileName } from './kind.js';
import { strictDefinitions } from './strict.js';

/** Where the version of Kubernetes is pinned that the embedded stack runs. */
const MODULE = join(LOCAL, 'servers', 'kubernetes');

const DEFINITIONS = '_definitions.json';

const swagger = z.object({ definitions: z.record(z.string(), z.looseObject({})) });
const kinds = z.array(z.object({ group: z.string(), version: z.string(), kind: z.string() })).default([]);

/** Writes a schema for each kind of Kubernetes into the folder, from the description in its own source. */
export async function writeKubernetesSchemas(folder: string): Promise<void> {
  const file = join(await sources(), 'api', 'openapi-spec', 'swagger.json');
  const { definitions } = swagger.parse(JSON.parse(await readFile(file, 'utf8')));
  const files: Record<string, unknown> = { [DEFINITIONS]: { definitions: strictDefinitions(definitions) } };
  for (const [name, definition] of Object.entries(definitions)) {
    for (const kind of kinds.parse(definition['x-kubernetes-group-version-kind'])) {
      files[fileName(kind)] = { $ref: `${DEFINITIONS}#/definitions/${name}` };
    }
  }
  await Promise.all(Object.entries(files).map(([name, json]) => writeFile(join(folder, name), JSON.stringify(json))));
}

/** The folder with Kubernetes' source, checked against go.sum. */
async function sources(): Promise<string> {
  const arguments_ = ['-C', MODULE, 'mod', 'download', '-json', 'k8s.io/kubernetes'];
  const { failed, stdout, stderr } = await execa('go', arguments_, {
    env: { GOFLAGS: '', GOWORK: 'off' },
    reject: false,
  });
  if (failed) {
    throw new StackError(
      `Kubernetes' description of its kinds could not be had:\n${stdout}${stderr}`,
      'It is in the Go module k8s.io/kubernetes: check Go and the network to the Go module proxy.',
    );
  }
  return z.object({ Dir: z.string() }).parse(JSON.parse(stdout)).Dir;
}
