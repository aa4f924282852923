/** Checks the PrometheusRule and runs its examples: `tsx tests/deploy/rules/check.ts`. */
import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dumpYaml, loadYaml } from '@kubernetes/client-node';
import { execa } from 'execa';
import { build, builtFolder } from '../../../cluster/local/servers.js';

const RULE = join(import.meta.dirname, '../../../manifests/monitoring/rules/prometheusrule.yaml');
const EXAMPLES = join(import.meta.dirname, 'examples.yaml');

/** promtool comes with the embedded stack's Prometheus, and is built with it where it is missing. */
async function promtool(...arguments_: string[]): Promise<void> {
  const program = join(await builtFolder('prometheus'), 'promtool');
  const { failed } = await execa(program, arguments_, { stdio: 'inherit', reject: false });
  if (failed) process.exitCode = 1;
}

await build('prometheus', () => undefined);
const folder = await mkdtemp(join(tmpdir(), 'rules-'));
try {
  // promtool reads what Prometheus reads: the object's spec.
  const { spec } = loadYaml<{ spec: object }>(await readFile(RULE, 'utf8'));
  await writeFile(join(folder, 'rules.yaml'), dumpYaml(spec));
  await copyFile(EXAMPLES, join(folder, 'examples.yaml'));
  await promtool('check', 'rules', '--lint=all', '--lint-fatal', join(folder, 'rules.yaml'));
  await promtool('test', 'rules', join(folder, 'examples.yaml'));
} finally {
  await rm(folder, { recursive: true });
}
