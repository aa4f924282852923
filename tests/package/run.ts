/**
 * Installs the package into n8n as npm has it, in each version that is named, and says what n8n has of it then: `npm run package --
 * 2.36.0 2.41.3`. The main process installs it by its checksum; where there is Redis, a worker runs an execution with it that a
 * webhook process took. Ends with 1 if something is missing.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

import { installN8nVersion } from '../../cluster/local/build/npmProject.js';
import { messageOf } from '../../cluster/local/errors.js';
import { CHECKOUT } from '../../cluster/local/paths.js';
import { packNodes } from '../../cluster/local/n8n/nodePackage.js';
import { parse, readCommandLine } from '../../cluster/shared/commandLine.js';
import { inspect, workflowFiles } from './inspect.js';
import { pinned } from './pinned.js';
import { PlainN8n } from './plainN8n.js';
import { decideInQueue } from './queue.js';
import { publish, type Registry } from './registry.js';

/** The types that package.json names, by their files: n8n gives each its file's name with a small first letter. */
async function typesOf(kind: 'nodes' | 'credentials'): Promise<string[]> {
  const manifest = JSON.parse(await readFile(join(CHECKOUT, 'package.json'), 'utf8')) as {
    n8n: Record<typeof kind, string[]>;
  };
  return manifest.n8n[kind].map((file) => {
    const [name = ''] = basename(file).split('.');
    return name.charAt(0).toLowerCase() + name.slice(1);
  });
}

/** What a version lacks, a line each. */
async function tryVersion(version: string, registry: Registry): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), `n8n-${version}-`));
  const n8n = new PlainN8n(await installN8nVersion(version), folder, await pinned(registry, folder, registry.checksum));
  try {
    await n8n.start();
    const found = await inspect(n8n, registry.name);
    await n8n.stop();
    const lacks = (what: string, wanted: string[], has: string[]): string[] =>
      wanted.filter((name) => !has.includes(name)).map((name) => `lacks the ${what} ${name}`);
    const nodes = (await typesOf('nodes')).map((type) => `${registry.name}.${type}`);
    const workflows = (await workflowFiles()).map(({ id }) => id);
    const decided = await decideInQueue(n8n, folder);
    console.log(
      `n8n ${version}: ${found.nodes.length} nodes, ${found.workflows.length} workflows, queue mode: ${decided}`,
    );
    for (const node of found.outdated) console.log(`  has a newer version of ${node}`);
    return [
      ...lacks('node', nodes, found.nodes),
      ...lacks('credential', await typesOf('credentials'), found.credentials),
      ...lacks('workflow', workflows, found.workflows),
      ...found.unknown.map((node) => `does not know ${node}`),
    ];
  } finally {
    await n8n.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function main(versions: string[]): Promise<void> {
  const registry = await publish(await packNodes());
  try {
    for (const version of versions) {
      const problems = await tryVersion(version, registry);
      for (const problem of problems) console.log(`  ${problem}`);
      if (problems.length > 0) process.exitCode = 1;
    }
  } finally {
    await registry.close();
  }
}

const PACKAGE = {
  command: 'npm run package',
  about: 'Installs the package into each named version of n8n, and says what n8n has of it (docs/install.md).',
  options: {},
  others: 'VERSION...',
} as const;

function readVersions(args: readonly string[]): string[] {
  const { positionals } = parse(PACKAGE, args);
  if (positionals.length === 0) throw new Error('Name versions of n8n: npm run package -- 2.36.0 2.41.1');
  return positionals;
}

main(readCommandLine(readVersions)).catch((error: unknown) => {
  console.error(messageOf(error));
  process.exitCode = 1;
});
