import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dumpYaml, loadYaml } from '@kubernetes/client-node';
import { execa } from 'execa';
import { CHECKOUT } from '../../../cluster/local/paths.js';
import { build, builtServers } from '../../../cluster/local/servers.js';
import type { Part } from '../part.js';

const RULE = join(CHECKOUT, 'manifests/monitoring/rules/prometheusrule.yaml');
const EXAMPLES = join(CHECKOUT, 'tests/deploy/rules/examples.yaml');

/** The PrometheusRule's syntax, and its examples. promtool comes with the embedded stack's Prometheus. */
export const promtool: Part = {
  name: 'promtool',
  run: async () => {
    await build('prometheus', () => undefined);
    const program = join(await builtServers('prometheus'), 'promtool');
    const folder = await mkdtemp(join(tmpdir(), 'rules-'));
    try {
      // promtool reads what Prometheus reads: the object's spec.
      const { spec } = loadYaml<{ spec: object }>(await readFile(RULE, 'utf8'));
      await writeFile(join(folder, 'rules.yaml'), dumpYaml(spec));
      await copyFile(EXAMPLES, join(folder, 'examples.yaml'));
      const runs = await Promise.all(
        [
          ['check', 'rules', '--lint=all', '--lint-fatal', join(folder, 'rules.yaml')],
          ['test', 'rules', join(folder, 'examples.yaml')],
        ].map((arguments_) => execa(program, arguments_, { all: true, reject: false })),
      );
      const bad = runs.filter(({ failed }) => failed);
      return { passed: runs.length - bad.length, failed: bad.length, output: bad.map(({ all }) => all).join('\n') };
    } finally {
      await rm(folder, { recursive: true });
    }
  },
};
