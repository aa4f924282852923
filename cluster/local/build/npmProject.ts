import { existsSync } from 'node:fs';
import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { madeOnce } from './cache.js';
import { remedyOf } from './remedy.js';
import { StackError } from '../errors.js';
import { hash } from '../files.js';
import { CACHE, LOCAL } from '../paths.js';

interface NpmProject {
  /** Packages whose native part must be compiled; no other install script runs. */
  rebuild: string[];
}

/** The programs of the stack that come from npm, each with a lock file of its own under cluster/local/npm. */
const NPM_PROJECTS = {
  n8n: { rebuild: ['sqlite3'] },
  supervisor: { rebuild: [] },
} as const satisfies Record<string, NpmProject>;

type NpmProjectName = keyof typeof NPM_PROJECTS;

/** Where a project is, or will be, installed: in the cache, by its lock file's content. */
export async function projectFolder(name: NpmProjectName): Promise<string> {
  const lock = await readFile(join(LOCAL, 'npm', name, 'package-lock.json'));
  return join(CACHE, `${name}-${hash(lock, `node ${process.versions.modules}`)}`);
}

/** Installs a project exactly as locked, once. */
export async function installProject(name: NpmProjectName): Promise<void> {
  await madeOnce(await projectFolder(name), async (folder) => {
    for (const file of ['package.json', 'package-lock.json', '.npmrc']) {
      await copyFile(join(LOCAL, 'npm', name, file), join(folder, file));
    }
    await npm(folder, 'ci', '--ignore-scripts');
    const { rebuild } = NPM_PROJECTS[name];
    if (rebuild.length > 0) await npm(folder, 'rebuild', ...rebuild);
  });
}

/**
 * Installs another version of n8n than the locked one, once, with the newest dependencies that it allows.
 * @returns the project's folder
 */
export async function installN8nVersion(version: string): Promise<string> {
  const target = join(CACHE, `n8n-${version}-${hash(`node ${process.versions.modules}`)}`);
  await madeOnce(target, async (folder) => {
    const locked = join(LOCAL, 'npm', 'n8n');
    const project = JSON.parse(await readFile(join(locked, 'package.json'), 'utf8')) as { dependencies: object };
    const dependencies = { ...project.dependencies, n8n: version };
    await writeFile(join(folder, 'package.json'), JSON.stringify({ ...project, dependencies }));
    await copyFile(join(locked, '.npmrc'), join(folder, '.npmrc'));
    await npm(folder, 'install', '--ignore-scripts');
    await npm(folder, 'rebuild', ...NPM_PROJECTS.n8n.rebuild);
  });
  return target;
}

async function npm(cwd: string, ...arguments_: string[]): Promise<void> {
  const { failed, all } = await execa('npm', arguments_, { cwd, env: headers(), all: true, reject: false });
  if (!failed) return;
  throw new StackError(
    `\`npm ${arguments_.join(' ')}\` failed in ${cwd}:\n${all.split('\n').slice(-15).join('\n')}`,
    remedyOf(all, { from: 'the npm registry', gigabytes: 4 }),
  );
}

/** The headers that lie beside the running Node, so that node-gyp need not fetch them; without any, it does. */
function headers(): Record<string, string> {
  const root = dirname(dirname(process.execPath));
  return existsSync(join(root, 'include', 'node')) ? { npm_config_nodedir: root } : {};
}
