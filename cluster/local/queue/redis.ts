import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { execa } from 'execa';
import { writePrivate } from '../files.js';
import { statePath } from '../paths.js';
import type { Component } from '../process/component.js';
import { HOST, PORTS } from '../process/ports.js';
import type { Secrets } from '../secrets.js';

/** Valkey is Redis under another name, with the same protocol. */
const PROGRAMS = ['redis-server', 'valkey-server'] as const;
export const MINIMUM_MAJOR = 7;
const FOLDER = statePath('redis');
const CONFIGURATION = join(FOLDER, 'redis.conf');
const ANSWER_MILLISECONDS = 2_000;

/** What to do where no server of PATH is new enough; doctor.sh says the same. */
export const REDIS_REMEDY =
  'Redis 7 or newer is missing (redis-server or valkey-server): on Debian and Ubuntu, apt-get install -y redis-server';

/** The path of a server of PATH that is new enough. */
export async function redisOnPath(): Promise<string | undefined> {
  const folders = (process.env.PATH ?? '').split(':').filter((folder) => folder !== '');
  for (const path of PROGRAMS.flatMap((program) => folders.map((folder) => join(folder, program)))) {
    if (!existsSync(path)) continue;
    const { stdout } = await execa(path, ['--version'], { reject: false, timeout: 10_000 });
    if (majorIn(stdout) >= MINIMUM_MAJOR) return path;
  }
  return undefined;
}

/** From `Redis server v=7.0.15 sha=…`; 0 if there is none. */
export const majorIn = (output: string): number => Number(/\bv=(\d+)\./.exec(output)?.[1] ?? 0);

/** n8n's queue. */
export function redisComponent(command: string, { redisPassword }: Pick<Secrets, 'redisPassword'>): Component {
  return {
    name: 'redis',
    command,
    args: [CONFIGURATION],
    env: { LC_ALL: 'C' },
    health: `redis://${HOST}:${PORTS.redis}`,
    ask: () => isReady(redisPassword),
    ports: [PORTS.redis],
  };
}

/** Writes the configuration: a file, since every user of the machine can read a command's arguments. */
export async function prepareRedis({ redisPassword }: Pick<Secrets, 'redisPassword'>): Promise<void> {
  await mkdir(FOLDER, { recursive: true, mode: 0o700 });
  const settings = {
    bind: HOST,
    port: PORTS.redis,
    requirepass: redisPassword,
    dir: FOLDER,
    // A job that was accepted survives the end of Redis; nothing is dropped when memory is short.
    appendonly: 'yes',
    appendfsync: 'everysec',
    save: '""',
    'maxmemory-policy': 'noeviction',
  };
  const lines = Object.entries(settings).map(([name, value]) => `${name} ${value}\n`);
  await writePrivate(CONFIGURATION, lines.join(''));
}

/** While it loads its file, it answers with an error. */
async function isReady(password: string): Promise<boolean> {
  const socket = connect({ host: HOST, port: PORTS.redis, timeout: ANSWER_MILLISECONDS });
  socket.on('timeout', () => socket.destroy(new Error('Redis does not answer')));
  socket.write(`AUTH ${password}\r\nPING\r\nQUIT\r\n`);
  return (await text(socket)).startsWith('+OK\r\n+PONG\r\n');
}
