import { randomBytes } from 'node:crypto';
import { hash as bcrypt } from 'bcryptjs';
import { z } from 'zod/v4';
import { readIfThere, writePrivate } from './files.js';
import { statePath } from './paths.js';

const FILE = statePath('secrets.json');

const secrets = z.object({
  /** Of n8n's owner account. */
  password: z.string(),
  /** What n8n is started with: kept, since a new hash of the same password would look like a changed setting. */
  passwordHash: z.string(),
  /** What Falcosidekick sends with each alert. */
  webhookSecret: z.string(),
  /** Encrypts the credentials in n8n's database. */
  encryptionKey: z.string(),
  /** Of n8n's PostgreSQL and Redis in queue mode. */
  databasePassword: z.string(),
  redisPassword: z.string(),
});

export type Secrets = z.infer<typeof secrets>;

export const OWNER_EMAIL = 'owner@example.com';

/** The stack's own secrets, made up once per state folder. */
export async function ensureSecrets(): Promise<Secrets> {
  const text = await readIfThere(FILE);
  const kept = secrets.partial().parse(JSON.parse(text ?? '{}'));
  const complete = secrets.safeParse(kept);
  if (complete.success) return complete.data;
  // A state folder of before lacks those that were added since.
  const all = { ...(await makeSecrets()), ...kept };
  await writePrivate(FILE, JSON.stringify(all));
  return all;
}

/** 144 bits, in letters that need no quoting anywhere. */
export const randomSecret = (): string => randomBytes(18).toString('base64url');

export async function makeSecrets(): Promise<Secrets> {
  const password = randomSecret();
  return {
    password,
    passwordHash: await bcrypt(password, 10),
    webhookSecret: randomSecret(),
    encryptionKey: randomSecret(),
    databasePassword: randomSecret(),
    redisPassword: randomSecret(),
  };
}
