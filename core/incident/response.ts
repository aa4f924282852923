import { z } from 'zod/v4';

import { ACTIONS } from './actions';
import { evidenceSchema } from './evidence';

/**
 * How an action ended.
 * - `done`: changed, and verified by reading it back; `unchanged`: it was already in the wanted state
 * - `dry_run`: the API server would have accepted it; nothing was changed
 * - `gone`, `replaced`: the alert's pod no longer exists; `changed` lists what was changed before that was detected
 * - `refused`: the decision policy or the API server refused it; `failed`: it could not be carried out or verified
 */
export const OUTCOMES = ['done', 'unchanged', 'dry_run', 'gone', 'replaced', 'refused', 'failed'] as const;
export type Outcome = (typeof OUTCOMES)[number];

/**
 * The `response` key of an item, and `containment` if a pod is isolated before the analysis: what was done about the
 * pod, and how that is known. Times are ISO 8601 in UTC.
 */
export const responseSchema = z.object({
  action: z.enum(ACTIONS),
  outcome: z.enum(OUTCOMES),
  reason: z.string(),
  target: z.object({ namespace: z.string(), pod: z.string(), uid: z.string().nullable() }).nullable(),
  /** What was checked before and after. */
  checked: z.array(z.string()),
  /** What was changed in the cluster. */
  changed: z.array(z.string()),
  /** How completely the pod is isolated; null when the action did not isolate it. */
  contained: z.enum(['full', 'partial']).nullable(),
  /** The remaining containment gaps. */
  gaps: z.array(z.string()),
  /** The guardrails that refused the action. */
  guardrails: z.array(z.string()),
  /** Evidence captured from the pod before it was deleted. */
  evidence: evidenceSchema.optional(),
  /** How to undo the action, or null when there is nothing to undo or no way to undo it. */
  undo: z.string().nullable(),
  startedAt: z.iso.datetime(),
  /** When the result was read back; MTTR ends here if the outcome is `done`. */
  completedAt: z.iso.datetime(),
});
export type ActionResponse = z.infer<typeof responseSchema>;

/** The `escalation` key of an item: where in the cluster a person finds the Event, or why there is no Event. */
export const escalationSchema = z.object({
  /** The Event's text, also for other notifications. Plain text: escape it for its destination. */
  message: z.string(),
  event: z.object({ namespace: z.string(), name: z.string() }).nullable(),
  problem: z.string().nullable(),
  recordedAt: z.iso.datetime(),
});
export type Escalation = z.infer<typeof escalationSchema>;

/**
 * Whether an outcome needs no person: it leaves K8s Quarantine by the *done* output; every other outcome leaves by
 * *escalate*. A pod that is gone is the goal of a deletion; for every other action it is a loss that a person should
 * look at.
 */
export function isSettled({ action, outcome }: Pick<ActionResponse, 'action' | 'outcome'>): boolean {
  return (
    outcome === 'done' ||
    outcome === 'unchanged' ||
    outcome === 'dry_run' ||
    (outcome === 'gone' && action === 'delete_pod')
  );
}
