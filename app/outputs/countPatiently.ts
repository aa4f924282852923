import { setTimeout as pause } from 'node:timers/promises';

/** For 20 seconds: a database that is full, fails over or starts again refuses for so long. */
const TRIES = 5;
const PAUSE_MS = 5_000;

/**
 * Counts, and tries again while the store refuses. What was counted under a pass before is not counted again.
 * @throws the store's last error
 */
export async function countPatiently(
  count: () => Promise<void>,
  rest: () => Promise<unknown> = () => pause(PAUSE_MS),
): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      await count();
      return;
    } catch (error) {
      if (tries === TRIES) throw error;
      await rest();
    }
  }
}
