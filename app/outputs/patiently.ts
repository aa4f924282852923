import { setTimeout as pause } from 'node:timers/promises';

/** For 20 seconds: a database that is full, fails over or starts again refuses for so long. */
const TRIES = 5;
const PAUSE_MS = 5_000;

interface Patience {
  /** Whether an error stays until a person does something. */
  isLasting?: (error: unknown) => boolean;
  rest?: () => Promise<unknown>;
}

/**
 * Does what needs a database, and tries again while that refuses.
 * @throws the last error, or a lasting one at once
 */
export async function patiently<T>(
  work: () => Promise<T>,
  { isLasting = () => false, rest = () => pause(PAUSE_MS) }: Patience = {},
): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await work();
    } catch (error) {
      if (tries === TRIES || isLasting(error)) throw error;
      await rest();
    }
  }
}
