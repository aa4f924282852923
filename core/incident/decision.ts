import { z } from 'zod/v4';

import { LONGEST_TEXT } from './analysis';
import { modelRunSchema } from './modelRun';

/** In the order of RACE Agent's outputs. */
export const DECISIONS = ['delete_pod', 'quarantine_pod', 'ignore', 'escalate'] as const;
export type Decision = (typeof DECISIONS)[number];

export const CLASSIFICATIONS = ['true_positive', 'false_positive', 'needs_review'] as const;
export type Classification = (typeof CLASSIFICATIONS)[number];

/** What a model must answer, and what the playbook answers. It names no target: the target is always the alert's. */
export const proposalSchema = z.strictObject({
  decision: z.enum(DECISIONS),
  classification: z.enum(CLASSIFICATIONS),
  confidence: z.number().min(0).max(1),
  reason: z.string().min(1).max(LONGEST_TEXT),
});
export type Proposal = z.infer<typeof proposalSchema>;

const guardrailNoteSchema = z.object({
  guardrail: z.string(),
  from: z.enum(DECISIONS),
  to: z.enum(DECISIONS),
  reason: z.string(),
});
/** A guardrail that changed the decision: what it found, and what the decision became. */
export type GuardrailNote = z.infer<typeof guardrailNoteSchema>;

/** The outcome of an incident that waited for a person, and how it is known who decided. */
const approvalSchema = z.object({
  /** Name of the Approval resource that holds it. */
  name: z.string(),
  state: z.enum(['Approved', 'Rejected', 'Expired']),
  /** The chosen action, or null when no action was chosen. */
  chosen: z.enum(['delete_pod', 'quarantine_pod', 'release_pod', 'ignore']).nullable(),
  by: z.string(),
  via: z.enum(['form', 'link', 'timeout']),
  at: z.iso.datetime(),
  /** How many pods the decision is about, and which of them the item is about, counted from 1. */
  part: z.number().int().positive().optional(),
  parts: z.number().int().positive().optional(),
});
export type ApprovalNote = z.infer<typeof approvalSchema>;

/** The `decision` key of an item. */
export const decisionSchema = z.object({
  decision: z.enum(DECISIONS),
  classification: z.enum(CLASSIFICATIONS),
  confidence: z.number(),
  reason: z.string(),
  /** What was proposed before the decision policy checked it. */
  proposal: proposalSchema,
  guardrails: z.array(guardrailNoteSchema),
  /** ISO 8601 in UTC; MTTA ends here. */
  decidedAt: z.iso.datetime(),
  run: modelRunSchema,
  /** Name of the exception that decided. */
  exception: z.string().optional(),
  /** Present when a person decided. */
  approval: approvalSchema.optional(),
});
export type DecisionRecord = z.infer<typeof decisionSchema>;
