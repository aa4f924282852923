import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { StackError } from '../../../cluster/local/errors.js';
import { CHECKOUT } from '../../../cluster/local/paths.js';
import type { Outcome, Part } from '../part.js';
import { withSchemas } from '../schemas/index.js';
import { goTool } from '../tools.js';
import { describe, type Resource, validate } from './kubeconform.js';

/** Overlays with patches, whose objects only kustomize makes, and the components that may be added to each. */
const OVERLAYS = [{ folder: 'n8n-scaled', components: ['autoscaling', 'pagerduty'] }];

export const kustomize: Part = {
  name: 'kustomize',
  run: async () => {
    const kubectl = await goTool('kubectl');
    return withSchemas(async (location) => {
      const looked = (await Promise.all(OVERLAYS.map((overlay) => validated(kubectl, location, overlay)))).flat();
      const bad = looked.filter(({ status }) => status === 'statusInvalid' || status === 'statusError');
      return {
        passed: looked.filter(({ status }) => status === 'statusValid').length,
        failed: bad.length,
        output: bad.map(describe).join('\n'),
      } satisfies Outcome;
    });
  },
};

/** What kubeconform says of an overlay's objects, with all of its components. */
async function validated(
  kubectl: string,
  location: string,
  { folder, components }: (typeof OVERLAYS)[number],
): Promise<Resource[]> {
  const copy = await mkdtemp(join(tmpdir(), 'overlay-'));
  try {
    await cp(join(CHECKOUT, 'manifests'), join(copy, 'manifests'), { recursive: true });
    const lines = [
      'apiVersion: kustomize.config.k8s.io/v1beta1',
      'kind: Kustomization',
      `resources: [manifests/${folder}]`,
      `components: [${components.map((name) => `manifests/${folder}/${name}`).join(', ')}]`,
    ];
    await writeFile(join(copy, 'kustomization.yaml'), `${lines.join('\n')}\n`);
    const { failed, stdout, stderr } = await execa(kubectl, ['kustomize', copy], { reject: false });
    if (failed) throw new StackError(`kustomize does not build manifests/${folder}: ${stderr}`, 'Fix the manifests.');
    const file = join(copy, 'objects.yaml');
    await writeFile(file, stdout);
    return await validate(location, [file]);
  } finally {
    await rm(copy, { recursive: true });
  }
}
