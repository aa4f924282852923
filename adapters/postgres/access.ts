/** How to reach the database; the fields of n8n's own Postgres credential that count here. */
export interface PostgresAccess {
  host: string;
  port: number;
  database: string;
  user: string;
  password: string;
  /** PEM of the server's authority; empty for those that Node trusts. */
  ca: string;
  /** `verify` checks the server's certificate; `off` is for a database on this machine. */
  tls: 'verify' | 'off';
}
