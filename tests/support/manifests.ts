import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { type KubernetesObject, loadAllYaml } from '@kubernetes/client-node';

export const ROOT = join(__dirname, '../..');

/** Every object of a kind in the manifests, without the patches of overlays. */
export function objects<T extends KubernetesObject>(kind: string): T[] {
  const files = readdirSync(join(ROOT, 'manifests'), { recursive: true, encoding: 'utf8' }).filter(
    (name) => name.endsWith('.yaml') && !name.endsWith('.patch.yaml'),
  );
  return files
    .flatMap((name) => loadAllYaml(readFileSync(join(ROOT, 'manifests', name), 'utf8')) as KubernetesObject[])
    .filter((object) => object.kind === kind) as T[];
}
