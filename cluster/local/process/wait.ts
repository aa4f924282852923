import { setTimeout as pause } from 'node:timers/promises';
import { messageOf, StackError } from '../errors.js';

const POLL_MILLISECONDS = 150;

/**
 * Asks until there is an answer. A thrown error means "not yet", since what is starting refuses connections; a
 * StackError means that asking on is useless.
 * @returns the first answer that is not undefined
 * @throws StackError when the limit has passed, with the last reason
 */
export async function until<T>(
  what: string,
  limitSeconds: number,
  ask: () => Promise<T | undefined>,
  remedy = 'Run ./deploy.sh --local --status.',
): Promise<T> {
  const deadline = performance.now() + limitSeconds * 1000;
  let reason = 'no answer';
  do {
    try {
      const answer = await ask();
      if (answer !== undefined) return answer;
    } catch (error) {
      if (error instanceof StackError) throw error;
      reason = messageOf(error);
    }
    await pause(POLL_MILLISECONDS);
  } while (performance.now() < deadline);
  throw new StackError(`${what}: not within ${limitSeconds} s (${reason}).`, remedy);
}
