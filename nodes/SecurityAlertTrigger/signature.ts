import { createHmac, timingSafeEqual } from 'node:crypto';

import type { INodeCredentialTestResult } from 'n8n-workflow';

import { testSecret } from './secret';

export const SIGNATURE_HEADER = 'X-PagerDuty-Signature';

/** PagerDuty signs once for each secret of a subscription; more than this many are nobody's. */
const MOST_SIGNATURES = 16;

/** `v1=` and the HMAC-SHA256 of the body in hexadecimal. Other versions are ignored, as PagerDuty requires. */
const SIGNATURE = /^v1=([0-9a-f]{64})$/i;

/** The secrets of the credential: one for each subscription, and the one before while it is replaced. */
export function signingSecrets(text: string): string[] {
  return text.split(/[\s,]+/).filter((secret) => secret !== '');
}

/** Whether one of the signatures was made over exactly these bytes with one of the secrets. Compares in constant time. */
export function isSigned(header: unknown, body: Buffer, secrets: readonly string[]): boolean {
  if (typeof header !== 'string') return false;
  const given = header.split(',', MOST_SIGNATURES).flatMap((part) => {
    const [, hex] = SIGNATURE.exec(part.trim()) ?? [];
    return hex === undefined ? [] : [Buffer.from(hex, 'hex')];
  });
  if (given.length === 0) return false;
  return secrets.some((secret) => {
    const expected = createHmac('sha256', secret).update(body).digest();
    return given.some((signature) => timingSafeEqual(signature, expected));
  });
}

/** The credential's test: PagerDuty tells nobody a subscription's secret, so only its form can be looked at. */
export function testSigningSecrets(text: unknown): INodeCredentialTestResult {
  const secrets = typeof text === 'string' ? signingSecrets(text) : [];
  if (secrets.length === 0) return { status: 'Error', message: 'Enter the signing secret that PagerDuty showed once' };
  return secrets.map(testSecret).find(({ status }) => status === 'Error') ?? { status: 'OK', message: said(secrets) };
}

function said({ length }: readonly string[]): string {
  return length === 1 ? 'One signing secret' : `${length} signing secrets, of which any is taken`;
}
