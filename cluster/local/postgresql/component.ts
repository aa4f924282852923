import { existsSync } from 'node:fs';
import { chmod, mkdir, readFile, rename, rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Client } from 'pg';
import type { PostgresAccess } from '../../../adapters/postgres/access.js';
import { StackError } from '../errors.js';
import { hash, readIfThere, writePrivate } from '../files.js';
import { CHECKOUT, STATE, statePath } from '../paths.js';
import type { Component } from '../process/component.js';
import { HOST, PORTS } from '../process/ports.js';
import type { Secrets } from '../secrets.js';
import { copyProgram, createData, majorVersion, own, OWNER, programEnvironment } from './program.js';

/** Of all checkouts that root started: not in root's own folders, which PostgreSQL's user cannot enter. */
const SHARED = '/var/lib/n8n-nodes-incident-pipeline';

/** A checkout's folder there. `--doctor` names those whose checkout is gone (cluster/local/databases.sh). */
export const outsideOf = (checkout: string): string => join(SHARED, `postgresql-${hash(checkout)}`);

/** Where PostgreSQL's files are if they are not in the state folder. */
export const OUTSIDE = OWNER === undefined ? undefined : outsideOf(CHECKOUT);

const HOME = OUTSIDE ?? statePath('postgresql');
const DATA = join(HOME, 'data');
const ASIDE = `${DATA}.before`;
const PROGRAM = join(HOME, 'program');
const VERSION_FILE = join(DATA, 'PG_VERSION');
/** Whose data it is: a hash of the password in the state folder, which may be removed without this one. */
const STATE_OF_DATA = join(HOME, 'state');
/** Whose folder it is, for those who find it when the checkout is gone. */
const CHECKOUT_OF_DATA = join(HOME, 'checkout');

const IMPORTED = statePath('imported-postgresdb.json');

/** How n8n signs in. */
export const DATABASE = { host: HOST, port: PORTS.postgresql, name: 'postgres', user: 'n8n' } as const;

/** How the nodes sign in. Everything is on this machine, so that there is no certificate. */
export const databaseAccess = ({ databasePassword }: Pick<Secrets, 'databasePassword'>): PostgresAccess => ({
  host: DATABASE.host,
  port: DATABASE.port,
  database: DATABASE.name,
  user: DATABASE.user,
  password: databasePassword,
  ca: '',
  tls: 'off',
});

/** n8n's database in queue mode. */
export function postgresqlComponent({ databasePassword }: Pick<Secrets, 'databasePassword'>): Component {
  const settings = { listen_addresses: HOST, port: String(PORTS.postgresql), unix_socket_directories: '' };
  return {
    name: 'postgresql',
    command: join(PROGRAM, 'bin', 'postgres'),
    args: ['-D', DATA, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
    env: programEnvironment(PROGRAM),
    health: `postgresql://${HOST}:${PORTS.postgresql}`,
    ask: () => isReady(databasePassword),
    ports: [PORTS.postgresql],
    ...(OWNER && { user: OWNER.name }),
  };
}

/**
 * Creates the database's folders, unless they are there. Data of a state folder that was removed is put aside: nobody has its
 * password, nor the key of the credentials in it.
 * @returns whether they were created
 * @throws StackError if the data is another version's
 */
export async function preparePostgresql({ databasePassword }: Pick<Secrets, 'databasePassword'>): Promise<boolean> {
  await makeHome();
  const state = hash(databasePassword);
  const isKnown = existsSync(VERSION_FILE) && (await stateOfData(state)) === state;
  if (isKnown) {
    await assertVersion();
  } else {
    if (existsSync(VERSION_FILE)) await putAside();
    // An interrupted creation leaves a folder that initdb does not take.
    for (const folder of [DATA, PROGRAM]) await rm(folder, { recursive: true, force: true });
    await copyProgram(PROGRAM);
    await own(HOME);
    await createData(HOME, PROGRAM, { user: DATABASE.user, password: databasePassword });
  }
  await writePrivate(STATE_OF_DATA, state);
  await writePrivate(CHECKOUT_OF_DATA, CHECKOUT);
  return !isKnown;
}

async function putAside(): Promise<void> {
  await rm(ASIDE, { recursive: true, force: true });
  await rename(DATA, ASIDE);
  console.warn(
    `PostgreSQL's data in ${DATA} is of other secrets than those in ${STATE}. It is in ${ASIDE} now; n8n gets a new database.`,
  );
}

/** Data of before it was marked is this state's if n8n has used it from here. */
async function stateOfData(state: string): Promise<string | undefined> {
  return (await readIfThere(STATE_OF_DATA)) ?? (existsSync(IMPORTED) ? state : undefined);
}

async function assertVersion(): Promise<void> {
  const [version, installed] = [(await readFile(VERSION_FILE, 'utf8')).trim(), await majorVersion()];
  if (version === installed) return;
  throw new StackError(
    `The data in ${DATA} is PostgreSQL ${version}'s; this checkout has PostgreSQL ${installed}.`,
    'Export it with the checkout that created it, or remove it: ./deploy.sh --local --down --purge',
  );
}

async function makeHome(): Promise<void> {
  await mkdir(HOME, { recursive: true, mode: 0o700 });
  // The way there is everybody's; what is in it is PostgreSQL's alone.
  if (OUTSIDE !== undefined) await chmod(SHARED, 0o755);
}

/** Removes this checkout's files alone. */
export async function removePostgresql(): Promise<void> {
  await rm(HOME, { recursive: true, force: true });
  // Other checkouts' files keep the folder.
  if (OUTSIDE !== undefined) await rmdir(SHARED).catch(() => undefined);
}

async function isReady(password: string): Promise<boolean> {
  const { host, port, name: database, user } = DATABASE;
  const client = new Client({ host, port, database, user, password, connectionTimeoutMillis: 2_000 });
  try {
    await client.connect();
    await client.query('SELECT 1');
    return true;
  } finally {
    await client.end().catch(() => undefined);
  }
}
