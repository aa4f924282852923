import { z } from 'zod/v4';

import { CLASSIFICATIONS, DECISIONS } from '../core/incident/decision.js';
import { FAILURES } from './model/failures.js';

/** What one run made of one case: a line of results.json. */
export const outcomeSchema = z.object({
  case: z.string(),
  /** Which of several runs of the case, counted from 1. */
  repeat: z.number().int(),
  rule: z.string(),
  kind: z.enum(['attack', 'benign']),
  split: z.enum(['tuning', 'held-out']),
  difficulty: z.enum(['easy', 'medium', 'hard']),
  /** By the model or the playbook, before policy. */
  proposed: z.enum(DECISIONS),
  /** After policy. */
  decided: z.enum(DECISIONS),
  classification: z.enum(CLASSIFICATIONS),
  confidence: z.number(),
  reason: z.string(),
  guardrails: z.array(z.object({ guardrail: z.string(), reason: z.string() })),
  /** Whether what was decided is among the case's right decisions, and among those that do harm. */
  right: z.boolean(),
  unacceptable: z.boolean(),
  /** The same for what was proposed. */
  proposedRight: z.boolean(),
  proposedUnacceptable: z.boolean(),
  classified: z.boolean(),
  /** Whether to isolate the pod is among the case's right decisions. */
  isolationRight: z.boolean().default(false),
  /** The guardrails by which policy isolates this pod on no proposal, in policy's order. */
  barredBy: z.array(z.string()).default([]),
  /** Of the answers that a model owed, how many were valid. Both 0 where none was asked. */
  answers: z.object({ owed: z.number(), valid: z.number() }),
  failures: z.array(z.enum(FAILURES)),
  requests: z.number(),
  remembered: z.number(),
  /** Time spent waiting for a model, or else deciding, milliseconds. */
  durationMs: z.number(),
  tokens: z.object({ input: z.number(), output: z.number() }),
});
export type Outcome = z.infer<typeof outcomeSchema>;
