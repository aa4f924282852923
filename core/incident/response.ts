import { z } from 'zod/v4';

import { evidenceSchema } from './evidence';

export const ACTIONS = ['quarantine_pod', 'release_pod', 'delete_pod', 'evict_pod'] as const;
export type Action = (typeof ACTIONS)[number];

/**
 * How an action ended.
 * - `done`: changed and read back as wanted; `unchanged`: it already was as wanted
 * - `dry_run`: the API server would have accepted it; nothing was changed
 * - `gone`, `replaced`: the alert's pod is no longer there; `changed` says what was changed before that was seen
 * - `refused`: policy or the API server said no; `failed`: it could not be carried out or verified
 */
export const OUTCOMES = ['done', 'unchanged', 'dry_run', 'gone', 'replaced', 'refused', 'failed'] as const;
export type Outcome = (typeof OUTCOMES)[number];

/**
 * The `response` key of an item, and `containment` where a pod is isolated before anybody reasons: what was done about
 * the pod, and how that is known. Times are ISO 8601 in UTC.
 */
export const responseSchema = z.object({
  action: z.enum(ACTIONS),
  outcome: z.enum(OUTCOMES),
  reason: z.string(),
  target: z.object({ namespace: z.string(), pod: z.string(), uid: z.string().nullable() }).nullable(),
  /** What was looked at before and after. */
  checked: z.array(z.string()),
  /** What was changed in the cluster. */
  changed: z.array(z.string()),
  /** How far the pod is cut off; null when the action did not isolate it. */
  contained: z.enum(['full', 'partial']).nullable(),
  /** What is still open, if anything is. */
  openings: z.array(z.string()),
  /** The guardrails for which it was refused. */
  guardrails: z.array(z.string()),
  /** What was kept of the pod before it was deleted. */
  evidence: evidenceSchema.optional(),
  /** How to undo it, or null when there is nothing to undo or no way to. */
  undo: z.string().nullable(),
  startedAt: z.iso.datetime(),
  /** When the result was read back; MTTR ends here if the outcome is `done`. */
  completedAt: z.iso.datetime(),
});
export type ActionResponse = z.infer<typeof responseSchema>;

/** The `escalation` key of an item: where in the cluster a person finds the Event, or why there is none. */
export const escalationSchema = z.object({
  /** The Event's text, for whoever else has to be told. Plain text: escape it for where it goes. */
  message: z.string(),
  event: z.object({ namespace: z.string(), name: z.string() }).nullable(),
  problem: z.string().nullable(),
  recordedAt: z.iso.datetime(),
});
export type Escalation = z.infer<typeof escalationSchema>;

/**
 * Whether an outcome needs nobody: it leaves by K8s Quarantine's *done* output, everything else by *escalate*.
 * A pod that is gone is what deletion wants; for every other action it is a loss that somebody should look at.
 */
export function isSettled({ action, outcome }: Pick<ActionResponse, 'action' | 'outcome'>): boolean {
  return (
    outcome === 'done' ||
    outcome === 'unchanged' ||
    outcome === 'dry_run' ||
    (outcome === 'gone' && action === 'delete_pod')
  );
}
