import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { z } from 'zod/v4';

import { CHECKOUT } from '../../cluster/local/paths.js';
import type { PlainN8n } from './plainN8n.js';

const nodeType = z.looseObject({ name: z.string(), version: z.union([z.number(), z.array(z.number())]) });
const credentialType = z.looseObject({ name: z.string() });
const workflowFile = z.looseObject({
  id: z.string(),
  nodes: z.array(z.looseObject({ name: z.string(), type: z.string(), typeVersion: z.number() })),
});
const listed = z.object({ data: z.array(z.looseObject({ id: z.string() })) });
export type WorkflowFile = z.infer<typeof workflowFile>;

/** What an n8n has of the package. */
export interface Found {
  nodes: string[];
  credentials: string[];
  /** The workflows that it has after the import, by id. */
  workflows: string[];
  /** Nodes of them whose type, or its version, n8n does not know. */
  unknown: string[];
  /** Nodes in them of which n8n has a newer version. */
  outdated: string[];
}

/** The committed workflows, as n8n imports them. */
export async function workflowFiles(): Promise<WorkflowFile[]> {
  const folder = join(CHECKOUT, 'workflows');
  const read = async (file: string): Promise<WorkflowFile> =>
    workflowFile.parse(JSON.parse(await readFile(join(folder, file), 'utf8')));
  return Promise.all((await readdir(folder)).sort().map(read));
}

/** Imports the workflows with n8n's own command, as docs/install.md says, and looks at what a running n8n has then. */
export async function inspect(n8n: PlainN8n, name: string): Promise<Found> {
  const nodes = z.array(nodeType).parse(await n8n.rest('GET', '/types/nodes.json'));
  const credentials = z.array(credentialType).parse(await n8n.rest('GET', '/types/credentials.json'));
  await n8n.command('import:workflow', '--separate', `--input=${join(CHECKOUT, 'workflows')}`);
  const { data } = listed.parse(await n8n.rest('GET', '/rest/workflows?take=100'));

  const versions = new Map<string, number[]>();
  for (const type of nodes) versions.set(type.name, [...(versions.get(type.name) ?? []), ...[type.version].flat()]);
  const used = (await workflowFiles()).flatMap((workflow) =>
    workflow.nodes.map((node) => ({ ...node, at: `${workflow.id}: ${node.name} (${node.type} ${node.typeVersion})` })),
  );
  const known = ({ type, typeVersion }: (typeof used)[number]): boolean =>
    versions.get(type)?.includes(typeVersion) ?? false;
  const isOutdated = ({ type, typeVersion }: (typeof used)[number]): boolean =>
    typeVersion < Math.max(0, ...(versions.get(type) ?? []));
  return {
    nodes: nodes.map((type) => type.name).filter((type) => type.startsWith(`${name}.`)),
    credentials: credentials.map((type) => type.name),
    workflows: data.map(({ id }) => id).sort(),
    unknown: used.filter((node) => !known(node)).map(({ at }) => at),
    outdated: [...new Set(used.filter(isOutdated).map(({ type, typeVersion }) => `${type} ${typeVersion}`))],
  };
}
