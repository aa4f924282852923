import { z } from 'zod/v4';
import { NAMESPACES, SERVICE_ACCOUNT } from '../../../core/names.js';
import { readIfThere, writePrivate } from '../files.js';
import type { Cluster } from './client.js';
import { statePath } from '../paths.js';

const FILE = statePath('token.json');
const LIFETIME_SECONDS = 24 * 3600;

const token = z.object({ value: z.string(), expires: z.coerce.date(), accountUid: z.string() });
export type Token = z.infer<typeof token>;

/**
 * The responder's token. It is kept while more than half of its life is left and its ServiceAccount is still the same:
 * a new one means that n8n must learn it, which takes a restart.
 */
export async function ensureToken({ core }: Cluster): Promise<Token> {
  const account = { name: SERVICE_ACCOUNT, namespace: NAMESPACES.responder };
  const accountUid = (await core.readNamespacedServiceAccount(account)).metadata?.uid ?? '';
  const text = await readIfThere(FILE);
  const known = text === undefined ? undefined : token.parse(JSON.parse(text));
  if (known?.accountUid === accountUid && known.expires.getTime() - Date.now() > (LIFETIME_SECONDS / 2) * 1000)
    return known;

  const { status } = await core.createNamespacedServiceAccountToken({
    ...account,
    body: { spec: { audiences: [], expirationSeconds: LIFETIME_SECONDS } },
  });
  const made = token.parse({ value: status?.token, expires: status?.expirationTimestamp, accountUid });
  await writePrivate(FILE, JSON.stringify(made));
  return made;
}
