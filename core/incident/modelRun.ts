import { z } from 'zod/v4';

/** How a step that may ask a model came to its answer. Part of `analysis` and of `decision`. */
export const modelRunSchema = z.object({
  /** Who answered: the model, or our own deterministic fallback. */
  by: z.enum(['model', 'playbook']),
  /** Why the model's answer was not used; null when it was. */
  fallbackReason: z.string().nullable(),
  promptVersion: z.string(),
  /** The model's name as it gives it, or null. */
  model: z.string().nullable(),
  tokens: z.object({ input: z.number(), output: z.number() }),
  /** Questions asked, repair question included. */
  questions: z.number(),
  /** Time spent waiting for the model, milliseconds. */
  durationMs: z.number(),
});
export type ModelRun = z.infer<typeof modelRunSchema>;
