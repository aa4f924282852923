import { createHash, timingSafeEqual } from 'node:crypto';

import type { INodeCredentialTestResult } from 'n8n-workflow';

/** Shorter secrets can be guessed. */
const MINIMUM_LENGTH = 16;
/** So are those that repeat a few characters; 16 random hexadecimal digits hold fewer once in 10 000 times. */
const MINIMUM_DISTINCT = 6;

/** Compares in constant time. Hashing first makes the lengths equal, which the comparison needs and must not reveal. */
export function secretsMatch(given: unknown, expected: string): boolean {
  if (typeof given !== 'string' || expected === '') return false;
  return timingSafeEqual(digest(given), digest(expected));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

/**
 * The credential's test: nothing outside has to be asked, only whether the secret is one. It is tested again when the
 * trigger starts.
 */
export function testSecret(secret: unknown): INodeCredentialTestResult {
  const problem = weaknessOf(typeof secret === 'string' ? secret : '');
  return problem === null
    ? { status: 'OK', message: 'The secret is long enough' }
    : { status: 'Error', message: `${problem}. Make one with: openssl rand -hex 24` };
}

/** Why a secret is not acceptable, or null. */
function weaknessOf(secret: string): string | null {
  if (secret.trim() === '') return 'The secret is empty or holds spaces only';
  if (secret !== secret.trim())
    return 'The secret begins or ends with a space or a line break, which a header loses on its way';
  if (!/^[\x20-\x7e]*$/.test(secret)) return 'The secret holds characters that a header cannot carry';
  if (secret.length < MINIMUM_LENGTH)
    return `The secret has ${secret.length} characters; at least ${MINIMUM_LENGTH} characters are needed`;
  if (new Set(secret).size < MINIMUM_DISTINCT)
    return `The secret repeats ${new Set(secret).size} characters; at least ${MINIMUM_DISTINCT} different ones are needed`;
  return null;
}
