import { PipelineError, messageOf } from '../../core/errors';
import { connectionFailure } from '../diagnosis/connectionFailure';
import type { PostgresAccess } from './access';

/** PostgreSQL's SQLSTATEs that a person can act on (appendix A of its manual), and what to do. */
const BY_SQLSTATE: Readonly<Record<string, (access: PostgresAccess) => string>> = {
  '28P01': () => 'The password or the user is wrong: correct them in the Incident PostgreSQL credential.',
  '28000': ({ tls }) =>
    tls === 'off'
      ? 'The server refuses this user without TLS (pg_hba.conf): set TLS to On, or check the user.'
      : "The server refuses this user from here: check the user, and the server's pg_hba.conf.",
  '3D000': () => 'There is no such database: correct its name in the credential, or create it.',
  '42501': ({ user }) =>
    `Let the user make the table: GRANT CREATE ON SCHEMA public TO ${user}. Of a table that exists it needs SELECT, INSERT, UPDATE and DELETE.`,
  '42P01': () => 'Somebody removed the table: the next attempt makes it again.',
  '25006': () => 'The server is a standby, which only reads: use the address of the primary.',
  '53300': () => 'The server has no free connection: raise max_connections, or close others.',
  '57014': () => 'The server took too long: look at its load, and in pg_stat_activity for what holds the table.',
  '57P03': () => 'The server is starting: wait, then try again.',
};

/** Messages of the client (pg 8) and of PgBouncer, which have no code of their own. */
const BY_MESSAGE: readonly [pattern: RegExp, nextStep: string][] = [
  [
    /does not support SSL connections/,
    'The server has no TLS: switch TLS on there. Set TLS to Off only for a database on this machine.',
  ],
  [
    /unsupported startup parameter/,
    "This is a pool of connections that refuses a limit of time: use the database's own port.",
  ],
  [
    /timeout/i,
    'The server did not answer in time: check host and port, and the NetworkPolicies and firewalls on the way.',
  ],
  [
    /Connection terminated unexpectedly|unexpected (error )?message|There was an error establishing an SSL connection/i,
    "The server ended the connection: check that host and port are PostgreSQL's, and the field TLS.",
  ],
  [/SASL|password must be a string/, 'The server wants a password: fill it in.'],
];

/** The SQLSTATE, or the code of Node, that an error has; empty without one. */
export function sqlStateOf(cause: unknown): string {
  return typeof cause === 'object' && cause !== null && 'code' in cause && typeof cause.code === 'string'
    ? cause.code
    : '';
}

/** What the database or the way to it said of these rows, with what to do about it. */
export function postgresRefusal(access: PostgresAccess, rows: string, cause: unknown): PipelineError {
  const { host, port, database } = access;
  const failed = `could not use the ${rows} in PostgreSQL ${host}:${port}/${database}`;
  const code = sqlStateOf(cause);
  const known =
    BY_SQLSTATE[code]?.(access) ?? BY_MESSAGE.find(([pattern]) => pattern.test(messageOf(cause)))?.[1] ?? null;
  if (known !== null || /^[0-9A-Z]{5}$/.test(code))
    return new PipelineError('unreachable', `${failed}: ${messageOf(cause)}`, {
      nextStep: known ?? "The message is the database's own: act on it, then run the step again.",
      cause,
    });
  const { problem, nextStep } = connectionFailure(`https://${host}:${port}`, cause);
  return new PipelineError('unreachable', `${failed}: ${problem}`, { nextStep: `${nextStep}.`, cause });
}
