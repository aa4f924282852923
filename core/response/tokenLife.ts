import { z } from 'zod/v4';

const claimsSchema = z.object({ exp: z.number(), iat: z.number().optional() });

export interface TokenLife {
  expires: Date;
  remainingSeconds: number;
  /** Whether less than a fifth of its lifetime, or less than an hour, is left. */
  endsSoon: boolean;
}

const SOON = { share: 0.2, seconds: 3600 };

/**
 * How long a ServiceAccount's token is valid, read from its claims (RFC 7519); null when it is not a JWT or has no
 * expiry. The API server checks the signature.
 */
export function tokenLife(token: string, now: Date): TokenLife | null {
  const [, payload] = token.split('.');
  const claims = claimsSchema.safeParse(parse(payload));
  if (!claims.success) return null;
  const { exp, iat } = claims.data;
  const remainingSeconds = exp - now.getTime() / 1000;
  const whole = iat === undefined ? Infinity : exp - iat;
  return {
    expires: new Date(exp * 1000),
    remainingSeconds,
    endsSoon: remainingSeconds < Math.min(SOON.seconds, whole * SOON.share),
  };
}

function parse(payload: string | undefined): unknown {
  try {
    return JSON.parse(Buffer.from(payload ?? '', 'base64url').toString('utf8'));
  } catch {
    return null;
  }
}
