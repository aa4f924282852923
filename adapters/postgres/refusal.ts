import { PipelineError, messageOf } from '../../core/errors';
import { connectionFailure } from '../diagnosis/connectionFailure';
import type { PostgresAccess } from './access';

/** PostgreSQL's SQLSTATEs that mean a wrong credential (appendix A of its manual), and what to do. */
const BY_SQLSTATE: Readonly<Record<string, (access: PostgresAccess) => string>> = {
  '28P01': () => 'The password or the user is wrong: correct them in the Claims PostgreSQL credential.',
  '28000': ({ tls }) =>
    tls === 'off'
      ? 'The server refuses this user without TLS (pg_hba.conf): set TLS to On, or check the user.'
      : "The server refuses this user from here: check the user, and the server's pg_hba.conf.",
  '3D000': () => 'There is no such database: correct its name in the credential, or create it.',
  '42501': ({ user }) => `Let the user make the table: GRANT CREATE ON SCHEMA public TO ${user}.`,
  '53300': () => 'The server has no free connection: raise max_connections, or close others.',
  '57P03': () => 'The server is starting: wait, then try again.',
};

/** Messages of the client (pg 8), which have no code. */
const BY_MESSAGE: readonly [pattern: RegExp, nextStep: string][] = [
  [
    /does not support SSL connections/,
    'The server has no TLS: switch TLS on there. Set TLS to Off only for a database on this machine.',
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

/** What the database or the way to it said, with what to do about it. */
export function postgresRefusal(access: PostgresAccess, cause: unknown): PipelineError {
  const { host, port, database } = access;
  const where = `${host}:${port}/${database}`;
  const code =
    typeof cause === 'object' && cause !== null && 'code' in cause && typeof cause.code === 'string' ? cause.code : '';
  const known =
    BY_SQLSTATE[code]?.(access) ?? BY_MESSAGE.find(([pattern]) => pattern.test(messageOf(cause)))?.[1] ?? null;
  if (known !== null || /^[0-9A-Z]{5}$/.test(code))
    return new PipelineError('unreachable', `could not use the claims in PostgreSQL ${where}: ${messageOf(cause)}`, {
      nextStep: known ?? "The message is the database's own: act on it, then run the step again.",
      cause,
    });
  const { problem, nextStep } = connectionFailure(`https://${host}:${port}`, cause);
  return new PipelineError('unreachable', `could not use the claims in PostgreSQL ${where}: ${problem}`, {
    nextStep: `${nextStep}.`,
    cause,
  });
}
