import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { parse, stringify } from 'yaml';
import { z } from 'zod/v4';
import { CHECKOUT } from '../../../cluster/local/paths.js';
import type { Outcome, Part } from '../part.js';
import { goTool } from '../tools.js';

const VALUES = join(CHECKOUT, 'manifests/monitoring/alertmanager.yaml');
const EXAMPLES = join(CHECKOUT, 'tests/deploy/routes/examples.yaml');

const values = z.object({ alertmanager: z.object({ config: z.record(z.string(), z.unknown()) }) });
const examples = z.array(
  z.object({ name: z.string(), labels: z.record(z.string(), z.string()), receivers: z.array(z.string()).min(1) }),
);
type Example = z.infer<typeof examples>[number];

/** Alertmanager's configuration, and whom it notifies of which alert. */
export const amtool: Part = {
  name: 'amtool',
  run: async () => {
    const program = await goTool('amtool');
    const folder = await mkdtemp(join(tmpdir(), 'routes-'));
    try {
      const file = join(folder, 'alertmanager.yaml');
      const { config } = values.parse(parse(await readFile(VALUES, 'utf8'))).alertmanager;
      await writeFile(file, stringify(config));
      const routes = examples.parse(parse(await readFile(EXAMPLES, 'utf8')));
      const checks = [['check-config', file], ...routes.map((example) => routeTest(file, example))];
      const problems: string[] = [];
      for (const [index, arguments_] of checks.entries()) {
        const { failed, all } = await execa(program, arguments_, { all: true, reject: false });
        if (failed) problems.push(`${index === 0 ? 'the configuration' : routes[index - 1]?.name}: ${all}`);
      }
      return {
        passed: checks.length - problems.length,
        failed: problems.length,
        output: problems.join('\n'),
      } satisfies Outcome;
    } finally {
      await rm(folder, { recursive: true });
    }
  },
};

function routeTest(file: string, { labels, receivers }: Example): string[] {
  const matchers = Object.entries(labels).map(([name, value]) => `${name}="${value}"`);
  return [
    'config',
    'routes',
    'test',
    `--config.file=${file}`,
    `--verify.receivers=${receivers.join(',')}`,
    ...matchers,
  ];
}
