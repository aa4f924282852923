import { connect as connectTo } from 'node:net';
import { text } from 'node:stream/consumers';

import { Client } from 'pg';
import { z } from 'zod/v4';

import { databaseAccess } from '../../cluster/local/postgresql/component.js';
import { HOST, PORTS, URLS } from '../../cluster/local/process/ports.js';
import { ensureSecrets } from '../../cluster/local/secrets.js';

/** What the stores of the scaled profile have done since they started. */
export interface Counts {
  /** Transactions that PostgreSQL committed. */
  commits: number;
  /** Bytes of PostgreSQL's write-ahead log. */
  walBytes: number;
  redisCommands: number;
  /** Changes that etcd wrote, of the API server. */
  etcdWrites: number;
}

export async function countsNow(): Promise<Counts> {
  const { databasePassword, redisPassword } = await ensureSecrets();
  const [database, redisCommands, etcdWrites] = await Promise.all([
    databaseCounts(databasePassword),
    commandsOfRedis(redisPassword),
    writesOfEtcd(),
  ]);
  return { ...database, redisCommands, etcdWrites };
}

export function countsBetween(begin: Counts, end: Counts): Counts {
  return {
    commits: end.commits - begin.commits,
    walBytes: end.walBytes - begin.walBytes,
    redisCommands: end.redisCommands - begin.redisCommands,
    etcdWrites: end.etcdWrites - begin.etcdWrites,
  };
}

const row = z.object({ commits: z.coerce.number(), wal: z.coerce.number() });
const QUERY = `select sum(xact_commit) commits, pg_current_wal_lsn() - '0/0' wal from pg_stat_database`;

async function databaseCounts(databasePassword: string): Promise<Pick<Counts, 'commits' | 'walBytes'>> {
  const { host, port, database, user, password } = databaseAccess({ databasePassword });
  const client = new Client({ host, port, database, user, password });
  await client.connect();
  try {
    const { commits, wal } = row.parse((await client.query<Record<string, unknown>>(QUERY)).rows[0]);
    return { commits, walBytes: wal };
  } finally {
    await client.end();
  }
}

async function commandsOfRedis(password: string): Promise<number> {
  const socket = connectTo({ host: HOST, port: PORTS.redis });
  socket.write(`AUTH ${password}\r\nINFO stats\r\nQUIT\r\n`);
  return numberIn(await text(socket), /^total_commands_processed:(\d+)/m);
}

async function writesOfEtcd(): Promise<number> {
  const answer = await fetch(`${URLS.etcdHealth}/metrics`);
  return numberIn(await answer.text(), /^etcd_server_proposals_committed_total (\S+)$/m);
}

/** @throws Error if the text has no such number */
function numberIn(from: string, pattern: RegExp): number {
  const found = pattern.exec(from)?.[1];
  if (found === undefined) throw new Error(`There is no ${pattern.source} in ${from.slice(0, 200)}`);
  return Number(found);
}
