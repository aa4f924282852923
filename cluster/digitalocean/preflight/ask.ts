import { log, type Output } from '@pulumi/pulumi';
import type { z } from 'zod/v4';

/** An API's response: the object, that there is none, or nothing usable. */
export type Answer<T> = { found: T } | 'absent' | 'unknown';

/** Asks an API for what lies at a path. */
export type Ask = <T>(path: string, shape: z.ZodType<T>) => Promise<Answer<T>>;

/**
 * For requests that providers have no function for. If an API does not answer, that is not a configuration problem: a
 * warning reports the missing check, and the deployment continues.
 * @param scheme of the header Authorization, up to the token
 */
export function asker(api: string, scheme: string, token: Output<string>): Ask {
  return async (path, shape) => {
    try {
      const headers = { Authorization: `${scheme}${await known(token)}`, Accept: 'application/json' };
      const answer = await fetch(`${api}${path}`, { headers, signal: AbortSignal.timeout(30_000) });
      if (answer.status === 404) return 'absent';
      if (!answer.ok) throw new Error(`it answered ${answer.status}`);
      return { found: shape.parse(await answer.json()) };
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      void log.warn(`Not checked, since ${api}${path} could not be asked: ${reason}`);
      return 'unknown';
    }
  };
}

const known = <T>(output: Output<T>): Promise<T> =>
  new Promise((resolve) => {
    output.apply(resolve);
  });
