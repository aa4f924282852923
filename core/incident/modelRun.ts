import { z } from 'zod/v4';

/** How a step that may use a model got its answer. Part of `analysis` and of `decision`. */
export const modelRunSchema = z.object({
  /** Who answered: the model or our own deterministic fallback. */
  by: z.enum(['model', 'playbook']),
  /** Why the model's answer was not used; null when it was. */
  fallbackReason: z.string().nullable(),
  promptVersion: z.string(),
  /** The model's name as the model reports it, or null. */
  model: z.string().nullable(),
  tokens: z.object({ input: z.number(), output: z.number() }),
  /** Requests sent to the model, repair request included. */
  questions: z.number(),
  /** Whether a model was connected that cannot be used, so that none got a request. Absent otherwise. */
  isBroken: z.boolean().optional(),
  /** Time spent waiting for the model, milliseconds. */
  durationMs: z.number(),
  /** The incident that the model gave the answer for, and when it was kept. Absent where the model was asked. */
  reused: z.object({ incident: z.string(), at: z.iso.datetime() }).optional(),
});
export type ModelRun = z.infer<typeof modelRunSchema>;
