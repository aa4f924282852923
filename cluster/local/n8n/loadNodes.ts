/**
 * Loads the package's nodes from a folder as n8n does, and prints the names of their types. It runs in a process of its own,
 * in the environment of the n8n process that has the folder.
 */
import { createRequire } from 'node:module';
import { join } from 'node:path';

const [, , project = '', folder = ''] = process.argv;
const requireOfN8n = createRequire(join(project, 'node_modules', 'n8n', 'package.json'));

async function main(): Promise<void> {
  requireOfN8n('reflect-metadata');
  const { PackageDirectoryLoader } = requireOfN8n('n8n-core') as typeof import('n8n-core');
  const loader = new PackageDirectoryLoader(folder);
  await loader.loadAll();
  process.stdout.write(`${JSON.stringify(Object.keys(loader.nodeTypes))}\n`);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
