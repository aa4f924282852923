/** What nobody confirms is reported once a day at least. */
const MOST_MS = 24 * 3_600_000;

/**
 * For how long nobody reports again what was reported so often without anybody noting that a person was notified: the first time
 * as long as a report takes, then twice as long each time, a day at most. So a chat that is away for long gets a message
 * when it is back, not all that were tried.
 * @param tries how often it was reported, at least once
 * @param takesMs how long a report takes at most, milliseconds
 */
export function reportWaitMs(tries: number, takesMs: number): number {
  return Math.min(takesMs * 2 ** (tries - 1), MOST_MS);
}
