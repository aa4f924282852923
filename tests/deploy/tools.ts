import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { madeOnce } from '../../cluster/local/build/cache.js';
import { StackError } from '../../cluster/local/errors.js';
import { hash } from '../../cluster/local/files.js';
import { builtFolder, buildTools, type GoBuild, goProblem } from '../../cluster/local/build/goTools.js';
import { TOOLS as SERVER_TOOLS } from '../../cluster/local/build/servers.js';
import { CACHE } from '../../cluster/local/paths.js';

const TOOLS = join(import.meta.dirname, 'tools');
const REQUIREMENTS = join(TOOLS, 'requirements.txt');

/** What each tool is built of. Alertmanager brings a hundred modules, which the others are to know nothing of. */
const MODULES = {
  kubeconform: { source: TOOLS },
  shfmt: { source: TOOLS },
  amtool: { source: join(TOOLS, 'amtool') },
  ...SERVER_TOOLS,
} satisfies Record<string, GoBuild>;

/** The path of a tool that is written in Go, built on first use. */
export async function goTool(name: keyof typeof MODULES): Promise<string> {
  const module = MODULES[name];
  const folder = await builtFolder(module);
  const problem = existsSync(folder) ? undefined : await goProblem();
  if (problem !== undefined) throw new StackError(`${name} cannot be built.`, problem);
  await buildTools(module);
  return join(folder, name);
}

/** The path of shellcheck, installed on first use. It is written in Haskell; its Python package brings the program. */
export async function shellcheckPath(): Promise<string> {
  const folder = join(CACHE, `shellcheck-${hash(await readFile(REQUIREMENTS))}`);
  await madeOnce(folder, install);
  return join(folder, 'bin', 'shellcheck');
}

async function install(folder: string): Promise<void> {
  const pins = ['--no-deps', '--only-binary', ':all:', '--require-hashes', '--requirement', REQUIREMENTS];
  const arguments_ = ['-m', 'pip', 'install', ...pins, '--target', folder];
  const { failed, all } = await execa('python3', arguments_, { all: true, reject: false });
  if (!failed) return;
  throw new StackError(
    `Installing shellcheck failed:\n${all}`,
    'It takes Python 3 with pip (on Debian: apt-get install python3-pip) and the network to the package index.',
  );
}
