import { z } from 'zod/v4';

/** How long an alert that comes late may still be acted on without a person, milliseconds. */
const ACTS_FOR_MS = 3_600_000;

/** Whether what began then may still be acted on without a person. */
export function mayStillAct(began: string, now: Date): boolean {
  return now.getTime() - Date.parse(began) <= ACTS_FOR_MS;
}

/** `missed`: the alert never reached n8n. `unfinished`: a pass began with it, and has no end. */
export const LATE_REASONS = ['missed', 'unfinished'] as const;

/** An alert's `late` key: it comes by the workflow *Reconcile*, after the time at which it should have been processed. */
export const lateSchema = z.object({
  why: z.enum(LATE_REASONS),
  /** How often the workflow was started with it, this time included. */
  tries: z.number().int().positive(),
  /** Whether it may still be acted on without a person: the pod may have changed since. */
  acts: z.boolean(),
});
