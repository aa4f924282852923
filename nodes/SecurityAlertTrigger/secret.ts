import { createHash, timingSafeEqual } from 'node:crypto';

import type { INodeCredentialTestResult } from 'n8n-workflow';

/** Shorter secrets can be guessed. */
const MINIMUM_LENGTH = 16;

/** Compares in constant time. Hashing first makes the lengths equal, which the comparison needs and must not reveal. */
export function isSecret(given: unknown, expected: string): boolean {
  if (typeof given !== 'string' || expected === '') return false;
  return timingSafeEqual(digest(given), digest(expected));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

/** The credential's test: nothing outside has to be asked, only whether the secret is one. */
export function testSecret(secret: unknown): INodeCredentialTestResult {
  if (typeof secret === 'string' && secret.length >= MINIMUM_LENGTH)
    return { status: 'OK', message: 'The secret is long enough' };
  return {
    status: 'Error',
    message: `Use at least ${MINIMUM_LENGTH} characters, for example from: openssl rand -hex 24`,
  };
}
