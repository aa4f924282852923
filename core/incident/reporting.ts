import { z } from 'zod/v4';

export const reportingSchema = z.object({
  /** When it was given to a workflow that notifies people last. */
  at: z.iso.datetime(),
  /** How often. */
  tries: z.number().int().positive(),
});
/** A report to people of which nobody has noted yet that they were notified: a message fails, and n8n may be stopped. */
export type Reporting = z.infer<typeof reportingSchema>;

/** How long a workflow takes at most to notify people, with what it does before, milliseconds. */
const TAKES_MS = 10 * 60_000;

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

/** Whether a report may still reach people, so that nobody makes it again. */
export function isUnderWay({ at, tries }: Reporting, now: Date): boolean {
  return Math.abs(now.getTime() - Date.parse(at)) < reportWaitMs(tries, TAKES_MS);
}

/** The next report of what was reported so before, or never. */
export function nextReport(before: Reporting | undefined, now: Date): Reporting {
  return { at: now.toISOString(), tries: (before?.tries ?? 0) + 1 };
}
