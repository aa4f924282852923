import { z } from 'zod/v4';

/** An alert's `late` key: it comes by the workflow *Reconcile*, after the time at which it should have been processed. */
export const lateSchema = z.object({
  /** `missed`: it never reached n8n. `unfinished`: a pass began with it, and has no end. */
  why: z.enum(['missed', 'unfinished']),
  /** How often the workflow was started with it, this time included. */
  tries: z.number().int().positive(),
  /** Whether it may still be acted on without a person, who else decides: the pod may have changed since. */
  acts: z.boolean(),
});
