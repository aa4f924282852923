import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, symlink } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { execa } from 'execa';
import { z } from 'zod/v4';
import { remedyOf } from '../build/remedy.js';
import { StackError } from '../errors.js';
import { hash, readIfThere, writePrivate } from '../files.js';
import { CHECKOUT, nodesFolder, statePath } from '../paths.js';
import { stop, stopN8n } from '../process/supervisor.js';

const FOLDERS = ['core', 'app', 'adapters', 'nodes', 'credentials', 'gate', 'docs', 'pages'];
const FILES = ['package.json', 'tsconfig.json', 'tsconfig.build.json', 'gulpfile.js'];
const TARBALLS = statePath('package');
const BUILT_FROM = join(TARBALLS, 'built-from');

const packOutput = z.tuple([z.object({ filename: z.string() })]);

/**
 * Builds and packs the nodes, unless the sources are those of the last time.
 * @returns the tarball, named by its content
 */
export async function packNodes(): Promise<string> {
  const sources = await hashOfSources();
  const last = (await readIfThere(BUILT_FROM))?.split('\n');
  if (last?.[0] === sources && last[1] !== undefined && existsSync(last[1])) return last[1];

  await rm(TARBALLS, { recursive: true, force: true });
  await mkdir(TARBALLS, { recursive: true });
  await npm(CHECKOUT, 'run', 'build');
  const output = await npm(CHECKOUT, 'pack', '--json', '--ignore-scripts', '--pack-destination', TARBALLS);
  const [{ filename }] = packOutput.parse(JSON.parse(output));
  const path = join(TARBALLS, basename(filename));
  // npm would take a new tarball of the same name for a corrupted old one.
  const tarball = path.replace(/\.tgz$/, `-${hash(await readFile(path))}.tgz`);
  await rename(path, tarball);
  await writePrivate(BUILT_FROM, `${sources}\n${tarball}`);
  return tarball;
}

/**
 * Installs the tarball as n8n does with a community package: beside the others under the user folder. n8n is stopped
 * for it, and the gate, which is of the same package; they hold what they have loaded.
 */
export async function installNodes(tarball: string, userFolder: string): Promise<void> {
  const folder = nodesFolder(userFolder);
  const marker = join(folder, 'installed-from');
  if ((await readIfThere(marker)) === tarball) return;
  await stop('gate');
  await stopN8n();
  await rm(folder, { recursive: true, force: true });
  await writePrivate(join(folder, 'package.json'), JSON.stringify({ name: 'installed-nodes', private: true }));
  // The dependencies are exact versions, so npm's cache is sufficient.
  await npm(
    folder,
    'install',
    '--prefer-offline',
    '--omit=peer',
    '--omit=dev',
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    tarball,
  );
  await writePrivate(marker, tarball);
}

/** Has another n8n process use the nodes that are installed in a user folder: on one machine there is one installation. */
export async function shareNodes(installedIn: string, userFolder: string): Promise<void> {
  const folder = nodesFolder(userFolder);
  await mkdir(dirname(folder), { recursive: true, mode: 0o700 });
  await rm(folder, { recursive: true, force: true });
  await symlink(nodesFolder(installedIn), folder);
}

async function hashOfSources(): Promise<string> {
  const found = await Promise.all(
    FOLDERS.map(async (name) => {
      const entries = await readdir(join(CHECKOUT, name), { recursive: true, withFileTypes: true });
      return entries
        .filter((entry) => entry.isFile())
        .map((entry) => relative(CHECKOUT, join(entry.parentPath, entry.name)));
    }),
  );
  const paths = [...FILES, ...found.flat()].sort();
  const contents = await Promise.all(paths.map((path) => readFile(join(CHECKOUT, path))));
  return hash(...paths, ...contents);
}

async function npm(cwd: string, ...arguments_: string[]): Promise<string> {
  const { failed, stdout, stderr } = await execa('npm', arguments_, { cwd, reject: false });
  if (!failed) return stdout;
  const said = `${stdout}\n${stderr}`.trim();
  throw new StackError(
    `\`npm ${arguments_.join(' ')}\` failed in ${cwd}:\n${said.split('\n').slice(-15).join('\n')}`,
    arguments_[0] === 'run'
      ? 'Fix the error above, then run the same command again.'
      : remedyOf(said, { from: 'the npm registry', gigabytes: 1 }),
  );
}
