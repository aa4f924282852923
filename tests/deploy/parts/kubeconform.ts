import { readdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { execa } from 'execa';
import { z } from 'zod/v4';
import { CHECKOUT } from '../../../cluster/local/paths.js';
import type { Outcome, Part } from '../part.js';
import { withSchemas } from '../schemas/index.js';
import { goTool } from '../tools.js';

const MANIFESTS = join(CHECKOUT, 'manifests');
/** Objects with one mistake each: were one let through, so would be the same in a manifest. */
const WRONG = join(CHECKOUT, 'tests', 'deploy', 'fixtures', 'wrong.yaml');

/** What under manifests/ holds no objects for the API server. */
const NO_OBJECTS = [
  { files: /(^|\/)kustomization\.yaml$/, why: 'kustomize’s own; tests/local/manifests.test.ts reads them' },
];

/** Kinds that neither Kubernetes nor this project defines. */
const FOREIGN_KINDS: { kind: string; why: string }[] = [];

const resource = z.object({
  filename: z.string(),
  kind: z.string(),
  name: z.string(),
  status: z.enum(['statusValid', 'statusInvalid', 'statusError', 'statusSkipped', 'statusEmpty']),
  msg: z.string(),
});
type Resource = z.infer<typeof resource>;

export const kubeconform: Part = {
  name: 'kubeconform',
  run: () =>
    withSchemas(async (location) => {
      const { looked, leftOut } = await manifests();
      const ours = await validate(location, looked);
      const wrong = await validate(location, [WRONG]);
      const refused = wrong.filter(({ status }) => status === 'statusInvalid');
      const bad = [
        ...ours.filter(({ status }) => status === 'statusInvalid' || status === 'statusError'),
        ...wrong.filter((each) => !refused.includes(each)),
      ];
      return {
        passed: ours.filter(({ status }) => status === 'statusValid').length + refused.length,
        failed: bad.length,
        output: bad.map(describe).join('\n'),
        leftOut: [...leftOut, ...foreign(ours)],
      } satisfies Outcome;
    }),
};

function describe({ filename, kind, name, status, msg }: Resource): string {
  const what = status === 'statusValid' ? 'is wrong on purpose, and was found right' : msg;
  return `${relative(CHECKOUT, filename)}: ${kind} ${name}: ${what}`;
}

async function manifests(): Promise<{ looked: string[]; leftOut: string[] }> {
  const names = await readdir(MANIFESTS, { recursive: true });
  const files = names.filter((name) => /\.(ya?ml|json)$/.test(name)).sort();
  const reasonFor = (file: string) => NO_OBJECTS.find((entry) => entry.files.test(file));
  return {
    looked: files.filter((file) => !reasonFor(file)).map((file) => join(MANIFESTS, file)),
    leftOut: NO_OBJECTS.map(({ why }, index) => {
      const count = files.filter((file) => reasonFor(file) === NO_OBJECTS[index]).length;
      return `${count} files: ${why}`;
    }),
  };
}

function foreign(resources: Resource[]): string[] {
  return FOREIGN_KINDS.map(({ kind, why }) => {
    const names = resources.filter((each) => each.kind === kind).map(({ name }) => name);
    return `${kind} ${names.join(', ')}: ${why}`;
  });
}

async function validate(location: string, files: string[]): Promise<Resource[]> {
  const skip = FOREIGN_KINDS.length > 0 ? ['-skip', FOREIGN_KINDS.map(({ kind }) => kind).join(',')] : [];
  const arguments_ = ['-strict', '-verbose', '-output', 'json', '-schema-location', location, ...skip, ...files];
  const { stdout } = await execa(await goTool('kubeconform'), arguments_, { reject: false });
  return z.object({ resources: z.array(resource) }).parse(JSON.parse(stdout)).resources;
}
