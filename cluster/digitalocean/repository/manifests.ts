import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { parse, parseAllDocuments } from 'yaml';
import { z } from 'zod/v4';
import { readText } from './paths';
import { isMap } from './values';

const object = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({ name: z.string(), namespace: z.string().optional() }),
});

/** An object as the API server takes it. */
export type Manifest = z.infer<typeof object>;

/** What kustomizations here use; anything else of kustomize would be left out in silence, and is refused instead. */
const kustomization = z.strictObject({
  apiVersion: z.string(),
  kind: z.string(),
  namespace: z.string().optional(),
  resources: z.array(z.string()).default([]),
  components: z.array(z.string()).default([]),
  configMapGenerator: z
    .array(
      z.strictObject({
        name: z.string(),
        files: z.array(z.string()),
        options: z
          .strictObject({
            disableNameSuffixHash: z.boolean().default(false),
            labels: z.record(z.string(), z.string()).default({}),
          })
          .default({ disableNameSuffixHash: false, labels: {} }),
      }),
    )
    .default([]),
});
type Generator = z.infer<typeof kustomization>['configMapGenerator'][number];

/** The objects of a file, by its path from the repository's root. */
export function readManifests(path: string): Manifest[] {
  return parseAllDocuments(readText(path))
    .map((document) => document.toJS() as unknown)
    .filter((document) => document !== null)
    .map((document) => object.parse(document, { error: () => `${path}: not an object of Kubernetes` }));
}

/** What `kubectl apply -k` would apply for a folder, by its path from the repository's root. */
export function readKustomization(folder: string): Manifest[] {
  const file = join(folder, 'kustomization.yaml');
  const parsed = kustomization.safeParse(parse(readText(file)));
  if (!parsed.success) throw new Error(`${file} has what this program does not read: ${parsed.error.message}`);
  const { namespace, resources, components, configMapGenerator } = parsed.data;
  const read = [...resources, ...components].flatMap((entry) =>
    /\.ya?ml$/.test(entry) ? readManifests(join(folder, entry)) : readKustomization(join(folder, entry)),
  );
  const generated = configMapGenerator.map((generator) => ({ generator, made: configMap(folder, generator) }));
  const renamed = new Map(generated.map(({ generator, made }) => [generator.name, made.metadata.name]));
  const all = [...read.map((each) => withNames(each, renamed)), ...generated.map(({ made }) => made)];
  return namespace === undefined ? all : all.map((each) => inNamespace(each, namespace));
}

/** What kustomize's `namespace` and `kubectl apply --namespace` do. */
export const inNamespace = (manifest: Manifest, namespace: string): Manifest => ({
  ...manifest,
  metadata: { ...manifest.metadata, namespace },
});

function configMap(folder: string, { name, files, options }: Generator): Manifest {
  const data = Object.fromEntries(
    files.map((entry) => {
      const [key = '', path = key] = entry.includes('=') ? entry.split('=') : [entry.split('/').at(-1), entry];
      return [key, readText(join(folder, path))];
    }),
  );
  // Named by its content, as kustomize does: another configuration restarts its readers.
  const hash = createHash('sha256').update(JSON.stringify(data)).digest('hex').slice(0, 10);
  const unique = options.disableNameSuffixHash ? name : `${name}-${hash}`;
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: unique, labels: options.labels }, data };
}

const REFERENCES = new Set(['configMap', 'configMapRef', 'configMapKeyRef']);

function withNames<T>(value: T, renamed: Map<string, string>): T;
function withNames(value: unknown, renamed: Map<string, string>): unknown {
  if (Array.isArray(value)) return value.map((each: unknown) => withNames(each, renamed));
  if (!isMap(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => {
      const inner = withNames(each, renamed);
      if (!REFERENCES.has(key) || !isMap(inner) || typeof inner.name !== 'string') return [key, inner];
      return [key, { ...inner, name: renamed.get(inner.name) ?? inner.name }];
    }),
  );
}
