import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, chown, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { Client } from 'pg';

import type { PostgresAccess } from '../../adapters/postgres/access';
import { copyProgram, createData, own, OWNER, programEnvironment } from '../../cluster/local/postgresql/program';
import { freePort } from './freePort';

export interface RunningPostgres {
  /** As its superuser, without TLS. */
  access: PostgresAccess;
  /** Ends exactly this server, and takes its folder away. */
  close: () => Promise<void>;
}

/** A PostgreSQL of its own on a free port of the loopback interface; with a certificate it takes TLS as well. */
export async function startPostgres(tls?: { cert: string; key: string }): Promise<RunningPostgres> {
  const folder = await mkdtemp(join(tmpdir(), 'postgres-'));
  const program = join(folder, 'program');
  await copyProgram(program);
  await own(folder);
  const password = 'claims-only-for-tests';
  const data = await createData(folder, program, { user: 'pipeline', password }, '--no-sync');
  if (tls !== undefined) await addCertificate(data, tls);

  const port = await freePort();
  const settings = ['unix_socket_directories=', 'fsync=off', `ssl=${tls === undefined ? 'off' : 'on'}`];
  const server = run(program, 'postgres', [
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

/** A connection without TLS, beside what is tested. The server may end it. */
export async function connectTo({ host, port, database, user, password }: PostgresAccess): Promise<Client> {
  const client = new Client({ host, port, database, user, password });
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

async function addCertificate(data: string, { cert, key }: { cert: string; key: string }): Promise<void> {
  for (const [name, content] of [
    ['server.crt', cert],
    ['server.key', key],
  ] as const) {
    await writeFile(join(data, name), content);
    await chmod(join(data, name), 0o600);
    if (OWNER !== undefined) await chown(join(data, name), OWNER.uid, OWNER.gid);
  }
}

function run(folder: string, program: string, options: string[]): ChildProcess {
  return spawn(join(folder, 'bin', program), options, {
    cwd: dirname(folder),
    env: programEnvironment(folder),
    stdio: ['ignore', 'ignore', 'pipe'],
    ...(OWNER && { uid: OWNER.uid, gid: OWNER.gid }),
  });
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
