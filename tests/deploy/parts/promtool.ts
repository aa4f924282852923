import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dumpYaml, loadYaml } from '@kubernetes/client-node';
import { execa } from 'execa';
import { CHECKOUT } from '../../../cluster/local/paths.js';
import type { Outcome, Part } from '../part.js';
import { goTool } from '../tools.js';

/** Each PrometheusRule under manifests/monitoring, and its examples beside this file's folder, in rules/. */
const RULES = [
  { rule: 'rules/prometheusrule.yaml', examples: 'examples.yaml' },
  { rule: 'detectors/prometheusrule.yaml', examples: 'detectors.yaml' },
];

/** The PrometheusRules' syntax, and their examples. promtool is of the embedded stack's Prometheus. */
export const promtool: Part = {
  name: 'promtool',
  run: async () => {
    const program = await goTool('promtool');
    const outcomes = await Promise.all(RULES.map((each) => check(program, each)));
    return {
      passed: outcomes.reduce((sum, { passed }) => sum + passed, 0),
      failed: outcomes.reduce((sum, { failed }) => sum + failed, 0),
      output: outcomes.map(({ output }) => output).join('\n'),
    };
  },
};

async function check(program: string, { rule, examples }: (typeof RULES)[number]): Promise<Outcome> {
  const folder = await mkdtemp(join(tmpdir(), 'rules-'));
  try {
    // promtool reads what Prometheus reads: the object's spec.
    const object = await readFile(join(CHECKOUT, 'manifests/monitoring', rule), 'utf8');
    await writeFile(join(folder, 'rules.yaml'), dumpYaml(loadYaml<{ spec: object }>(object).spec));
    await copyFile(join(CHECKOUT, 'tests/deploy/rules', examples), join(folder, examples));
    const runs = await Promise.all(
      [
        ['check', 'rules', '--lint=all', '--lint-fatal', join(folder, 'rules.yaml')],
        ['test', 'rules', join(folder, examples)],
      ].map((arguments_) => execa(program, arguments_, { all: true, reject: false })),
    );
    const bad = runs.filter(({ failed }) => failed);
    return { passed: runs.length - bad.length, failed: bad.length, output: bad.map(({ all }) => all).join('\n') };
  } finally {
    await rm(folder, { recursive: true });
  }
}
