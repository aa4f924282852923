import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { loadAllYaml, loadYaml, type KubernetesObject } from '@kubernetes/client-node';
import { z } from 'zod/v4';

/** The part of kustomize that the manifests use; anything else is refused rather than left out. */
const kustomization = z.strictObject({
  apiVersion: z.string(),
  kind: z.enum(['Kustomization', 'Component']),
  namespace: z.string().optional(),
  resources: z.array(z.string()).default([]),
  components: z.array(z.string()).default([]),
});

/** The objects that `kubectl kustomize` makes of a folder, in the order in which its files name them. */
export async function loadManifests(folder: string): Promise<KubernetesObject[]> {
  const file = join(folder, 'kustomization.yaml');
  const { success, data, error } = kustomization.safeParse(loadYaml(await readFile(file, 'utf8')));
  if (!success) throw new Error(`${file}: ${z.prettifyError(error)}`);
  const { resources, components, namespace } = data;
  const parts = await Promise.all([...resources, ...components].map((name) => loadPart(join(folder, name))));
  const objects = parts.flat();
  if (namespace !== undefined) for (const object of objects) place(object, namespace);
  return objects;
}

async function loadPart(path: string): Promise<KubernetesObject[]> {
  if ((await stat(path)).isDirectory()) return loadManifests(path);
  return loadAllYaml(await readFile(path, 'utf8')) as KubernetesObject[];
}

/** The API server refuses a namespace on what has none, so that such an object need not be told apart here. */
function place(object: KubernetesObject, namespace: string): void {
  object.metadata = Object.assign(object.metadata ?? {}, { namespace });
}
