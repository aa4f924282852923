import { log, type Output } from '@pulumi/pulumi';
import type { z } from 'zod/v4';

/** What an API said: what there is, that there is none, or nothing that could be understood. */
export type Answer<T> = { found: T } | 'absent' | 'unknown';

/** Asks an API for what lies at a path. */
export type Ask = <T>(path: string, shape: z.ZodType<T>) => Promise<Answer<T>>;

/**
 * For questions that providers have no function for. An API that does not answer is no problem of the configuration: a
 * warning says that something was not checked, and the deployment goes on.
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
