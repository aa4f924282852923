import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import type { KubernetesObject } from '@kubernetes/client-node';
import { parse, parseAllDocuments } from 'yaml';

import { configOf } from '../../cluster/local/kubernetes/client';
import { NAMESPACES } from '../../core/names';
import { ROOT } from '../support/manifests';
import { FIRST_START_MS, startCluster } from './support/stack';
import { strictApply } from './support/strictApply';

const FOLDER = join(ROOT, 'manifests');

let dryRun: ReturnType<typeof strictApply>;

beforeAll(async () => {
  await startCluster();
  dryRun = strictApply(configOf());
}, FIRST_START_MS);

/** Where a folder's objects go: what its kustomization says, or the namespace that the component is tried in. */
function namespaceOf(file: string): string {
  const text = readFileSync(join(FOLDER, dirname(file), 'kustomization.yaml'), 'utf8');
  return (parse(text) as { namespace?: string }).namespace ?? NAMESPACES.playground;
}

/** Values of charts and other programs' configuration are no objects; some charts bring the kinds that need them. */
function isObject(document: unknown): document is KubernetesObject {
  const { kind, apiVersion } = (document ?? {}) as KubernetesObject;
  return (
    kind !== undefined &&
    apiVersion !== undefined &&
    !/^(monitoring\.coreos\.com|policies\.kyverno\.io)\//.test(apiVersion)
  );
}

const FOUND = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.yaml') && !/(?:kustomization|\.patch)\.yaml$/.test(file))
  .flatMap((file) =>
    // Read as it is written: the client's own reader renames some fields.
    parseAllDocuments(readFileSync(join(FOLDER, file), 'utf8'))
      .map((document) => document.toJS() as unknown)
      .filter(isObject)
      .map((object) => ({ file, object })),
  );

test('there are objects of every folder', () => {
  const folders = new Set(FOUND.map(({ file }) => file.split('/')[0]));
  expect([...folders].sort()).toEqual([
    'crds',
    'falco',
    'monitoring',
    'n8n',
    'n8n-scaled',
    'namespace',
    'playground',
    'policy',
    'token',
    'workshop',
  ]);
});

/** In a namespace that the workshop makes, so that it is tried by itself. */
const PRIVILEGED = 'workshop/privileged-pod.yaml';

// Server-side apply refuses fields that the kind does not have, and admission has its say, without anything being kept.
test.each(
  FOUND.filter(({ file }) => file !== PRIVILEGED).map(
    ({ file, object }) => [file, `${object.kind} ${object.metadata?.name}`, object] as const,
  ),
)('%s: the API server takes %s', async (file, _what, object) => {
  const isNamespaced = !/^(Namespace|Cluster|CustomResource|ValidatingAdmission)/.test(object.kind ?? '');
  const place = isNamespaced && object.metadata?.namespace === undefined ? { namespace: namespaceOf(file) } : {};
  const { metadata } = await dryRun({ ...object, metadata: Object.assign({}, object.metadata, place) });
  expect(metadata?.uid).toBeDefined();
});

test("the workshop's privileged pod is accepted, as by a real cluster", async () => {
  const found = FOUND.find(({ file }) => file === PRIVILEGED);
  const metadata = Object.assign({}, found?.object.metadata, { namespace: namespaceOf(PRIVILEGED) });
  await expect(dryRun({ ...found?.object, metadata })).resolves.toBeDefined();
});

test('a field that a kind does not have would be refused', async () => {
  const wrong = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'wrong', namespace: NAMESPACES.playground },
    spec: { ports: [{ port: 80, nodeport: 30000 }] },
  };
  await expect(dryRun(wrong)).rejects.toThrow(/unknown field|not declared/);
});
