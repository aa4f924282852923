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
  { files: /\.patch\.yaml$/, why: 'patches; kustomize.ts validates what they make' },
  { files: /(^|\/)kustomization\.yaml$/, why: "kustomize's own; tests/manifests/kustomizations.test.ts reads them" },
  { files: /^token\/responder-rights\.json$/, why: 'data; tests/e2e/rights.test.ts compares it with the API server' },
  { files: /^(falco|kyverno|trivy)\/values\.yaml$|^falco\/pagerduty\.yaml$/, why: 'values of a chart' },
  { files: /^monitoring\/(alertmanager|alloy|kube-prometheus-stack)\.yaml$/, why: 'values of a chart' },
  { files: /^falco\/rules\.yaml$/, why: 'rules that Falco reads' },
  { files: /^monitoring\/dashboards\//, why: 'dashboards that Grafana reads' },
  { files: /^monitoring\/loki\/config\.yaml$/, why: "Loki's own configuration" },
];

/** Kinds that neither Kubernetes nor this project defines. */
const FOREIGN_KINDS = [
  { kind: 'PrometheusRule', why: "the Prometheus operator's; its definition comes with the chart" },
  { kind: 'PodMonitor', why: "the Prometheus operator's; its definition comes with the chart" },
  { kind: 'ServiceMonitor', why: "the Prometheus operator's; its definition comes with the chart" },
  {
    kind: 'ValidatingPolicy',
    why: "Kyverno's, tests/e2e/disallowPrivileged.test.ts; its definition comes with the chart",
  },
];

/** What kubeconform says of an object. */
const resource = z.object({
  filename: z.string(),
  kind: z.string(),
  name: z.string(),
  status: z.enum(['statusValid', 'statusInvalid', 'statusError', 'statusSkipped', 'statusEmpty']),
  msg: z.string(),
});
export type Resource = z.infer<typeof resource>;

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

export function describe({ filename, kind, name, status, msg }: Resource): string {
  const what = status === 'statusValid' ? 'is wrong on purpose, and was found right' : msg;
  return `${relative(CHECKOUT, filename)}: ${kind} ${name}: ${what}`;
}

async function manifests(): Promise<{ looked: string[]; leftOut: string[] }> {
  const names = await readdir(MANIFESTS, { recursive: true });
  const files = names.filter((name) => /\.(ya?ml|json)$/.test(name)).sort();
  const without = NO_OBJECTS.map(({ files: pattern, why }) => ({
    why,
    names: files.filter((name) => pattern.test(name)),
  }));
  const looked = files.filter((file) => !without.some((each) => each.names.includes(file)));
  return { looked: looked.map((file) => join(MANIFESTS, file)), leftOut: without.flatMap(reason) };
}

function foreign(resources: Resource[]): string[] {
  return FOREIGN_KINDS.flatMap(({ kind, why }) => {
    const names = resources.filter((each) => each.kind === kind).map(({ name }) => `${kind} ${name}`);
    return reason({ names, why });
  });
}

const reason = ({ names, why }: { names: string[]; why: string }): string[] =>
  names.length > 0 ? [`${names.join(', ')}: ${why}`] : [];

export async function validate(location: string, files: string[]): Promise<Resource[]> {
  const skip = FOREIGN_KINDS.map(({ kind }) => kind).join(',');
  const arguments_ = ['-strict', '-verbose', '-output', 'json', '-schema-location', location, '-skip', skip, ...files];
  const { stdout } = await execa(await goTool('kubeconform'), arguments_, { reject: false });
  return z.object({ resources: z.array(resource) }).parse(JSON.parse(stdout)).resources;
}
