import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { loadManifests } from '../../cluster/local/kubernetes/manifests';
import { NAMESPACES, QUARANTINE_POLICY, SERVICE_ACCOUNT } from '../../core/names';
import { ROOT } from '../support/manifests';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'manifests-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function write(files: Record<string, string>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(join(folder, name, '..'), { recursive: true });
    await writeFile(join(folder, name), text);
  }
}

const head = (kind: string) => `apiVersion: kustomize.config.k8s.io/v1\nkind: ${kind}\n`;
const object = (name: string) => `kind: ConfigMap\nmetadata: { name: ${name} }\n`;

test('files, folders and components are joined in their order; a namespace goes to all that is below it', async () => {
  await write({
    'kustomization.yaml': `${head('Kustomization')}resources: [one.yaml, below]`,
    'one.yaml': `${object('a')}---\n${object('b')}`,
    'below/kustomization.yaml': `${head('Kustomization')}namespace: team\nresources: [two.yaml]\ncomponents: [../part]`,
    'below/two.yaml': object('c'),
    'part/kustomization.yaml': `${head('Component')}resources: [three.yaml]`,
    'part/three.yaml': object('d'),
  });
  expect((await loadManifests(folder)).map(({ metadata }) => [metadata?.name, metadata?.namespace])).toEqual([
    ['a', undefined],
    ['b', undefined],
    ['c', 'team'],
    ['d', 'team'],
  ]);
});

test.each([
  ['a field of kustomize that is not known here', 'resources: []\nnamePrefix: x', 'namePrefix'],
  ['no list of resources', 'resources: one.yaml', 'resources'],
])('%s is refused by name', async (_what, text, named) => {
  await write({ 'kustomization.yaml': head('Kustomization') + text });
  await expect(loadManifests(folder)).rejects.toThrow(new RegExp(`kustomization.yaml[^]*${named}`));
});

test('the playground lets the responder in by the component', async () => {
  const objects = await loadManifests(join(ROOT, 'manifests/policy'));
  const inPlayground = objects.filter(({ metadata }) => metadata?.namespace === NAMESPACES.playground);
  expect(inPlayground.map(({ kind, metadata }) => [kind, metadata?.name])).toEqual([
    ['RoleBinding', SERVICE_ACCOUNT],
    ['NetworkPolicy', QUARANTINE_POLICY],
  ]);
});
