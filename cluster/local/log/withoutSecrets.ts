import { mask } from '../../../core/text/masking/mask.js';

/** Names of environment variables whose value is a secret. Addresses of proxies hold one in front of the host, which `mask` finds. */
const SECRET_NAME = /(?:KEY|TOKEN|SECRET|PASSWORD|PASS|CREDENTIALS?|AUTH)$/i;
/** Shorter values are words that a text may hold by chance. */
const SHORTEST = 6;

/** The secrets of an environment. */
export const secretsIn = (environment: Record<string, string | undefined>): string[] =>
  Object.entries(environment).flatMap(([name, value]) =>
    SECRET_NAME.test(name) && value !== undefined && value.length >= SHORTEST ? [value] : [],
  );

/** A text without these secrets, and without what has the form of a secret. */
export function withoutSecrets(text: string, secrets: readonly string[]): string {
  // The longest first: one may contain another.
  const known = [...secrets].sort((a, b) => b.length - a.length);
  return mask(known.reduce((rest, secret) => rest.replaceAll(secret, '[masked: secret]'), text));
}
