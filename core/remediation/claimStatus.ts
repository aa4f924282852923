import { z } from 'zod/v4';

import type { TaskState } from '../incident/task';
import { keepUnknown } from '../keepUnknown';

const common = {
  /** When the task was requested from Neo, if not at once. */
  askedAt: z.iso.datetime().optional(),
  /** When another execution took over the claim, to look for the task. */
  heldAt: z.iso.datetime().optional(),
  /** When the incident was resolved; a Neo task that still runs for it must then be ended. */
  overAt: z.iso.datetime().optional(),
  /** The repository of a repeated request, after a problem was fixed. */
  repository: z.string().optional(),
  stack: z.string().optional(),
  /** The incident whose own sender reported the same finding and relies on this task: PagerDuty's resolution does not end it. */
  reliedOnBy: z.string().optional(),
  /** Set when nothing remains to be done. */
  settledAt: z.iso.datetime().optional(),
};
const findings = {
  taskCreatedAt: z.iso.datetime().optional(),
  problem: z.string().optional(),
  /** The reported states, by one key each: `approval <id>`, `overdue`. */
  told: z.array(z.string()).optional(),
  /** An execution is sending a notification; before this time no other execution does. */
  tellingUntil: z.iso.datetime().optional(),
};

export const claimStatusSchema = keepUnknown(
  z.discriminatedUnion('state', [
    /** Without a state the result of the request for a task is still unknown. A task without a state is not readable. */
    z.object({ state: z.undefined().optional(), taskId: z.undefined().optional(), ...common }),
    /** There is a task. */
    z.object({
      state: z.enum(['running', 'awaiting_approval', 'overdue', 'fixed', 'not_fixed', 'failed']),
      taskId: z.string(),
      ...findings,
      ...common,
    }),
    /** The task of another incident works on it. */
    z.object({
      state: z.literal('joined'),
      /** That incident. */
      joins: z.string(),
      taskId: z.string().optional(),
      ...findings,
      ...common,
    }),
    /** Neo is not asked for a task; one that was requested before may still turn up. */
    z.object({
      state: z.enum(['refused', 'unknown', 'closed']),
      taskId: z.string().optional(),
      ...findings,
      ...common,
    }),
  ]),
);
/** The task's status: its state decides which fields it has. */
export type ClaimStatus = z.infer<typeof claimStatusSchema>;

/** What some states know: absent where the state does not have it. */
interface ClaimFacts {
  taskId?: string | undefined;
  taskCreatedAt?: string | undefined;
  problem?: string | undefined;
  told?: string[] | undefined;
  tellingUntil?: string | undefined;
  joins?: string | undefined;
}

/** The fields of a status that only some states have. */
export function factsOf(status: ClaimStatus): ClaimFacts {
  return status.state === undefined ? {} : status;
}

/** The status after a change; what the new state does not know is dropped. @throws ZodError when the state lacks a field */
export function changedStatus(
  status: ClaimStatus,
  change: { state?: TaskState; settledAt?: string; tellingUntil?: string },
): ClaimStatus {
  return claimStatusSchema.parse({ ...status, ...change });
}
