import { connect } from 'node:net';
import { text } from 'node:stream/consumers';

import { Client } from 'pg';

import { DATABASE } from '../../cluster/local/postgresql/component.js';
import { HOST, PORTS } from '../../cluster/local/process/ports.js';
import type { Secrets } from '../../cluster/local/secrets.js';
import type { Disturbance } from './disturbance.js';

/** How long it refuses: longer than n8n waits for an answer of Redis or PostgreSQL. */
const HOLD_MS = 5_000;

/** As in a Redis whose memory is full: with `noeviction` each write is refused, and reads are answered. */
export const withoutMemory = ({ redisPassword }: Pick<Secrets, 'redisPassword'>): Disturbance => ({
  begin: () => tellRedis(redisPassword, 'CONFIG SET maxmemory 1'),
  end: () => tellRedis(redisPassword, 'CONFIG SET maxmemory 0'),
  holdMs: HOLD_MS,
});

/** As in a PostgreSQL that became a standby, or whose disk is full: each write is refused, and reads are answered. */
export const readOnly = ({ databasePassword }: Pick<Secrets, 'databasePassword'>): Disturbance => ({
  begin: () => tellPostgresql(databasePassword, 'ALTER SYSTEM SET default_transaction_read_only = on'),
  end: () => tellPostgresql(databasePassword, 'ALTER SYSTEM RESET default_transaction_read_only'),
  holdMs: HOLD_MS,
});

async function tellRedis(password: string, command: string): Promise<void> {
  const socket = connect({ host: HOST, port: PORTS.redis, timeout: 5_000 });
  socket.on('timeout', () => socket.destroy(new Error('Redis does not answer')));
  socket.write(`AUTH ${password}\r\n${command}\r\nQUIT\r\n`);
  const answers = await text(socket);
  if (!answers.startsWith('+OK\r\n+OK\r\n')) throw new Error(`Redis refused ${command}: ${answers.trim()}`);
}

async function tellPostgresql(password: string, statement: string): Promise<void> {
  const { host, port, name: database, user } = DATABASE;
  const client = new Client({ host, port, database, user, password, connectionTimeoutMillis: 5_000 });
  try {
    await client.connect();
    await client.query(statement);
    await client.query('SELECT pg_reload_conf()');
  } finally {
    await client.end().catch(() => undefined);
  }
}
