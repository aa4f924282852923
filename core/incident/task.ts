import { z } from 'zod/v4';

/**
 * How far the work on an incident's cause has come.
 * - `claimed`: somebody else is asking Neo for the task at this moment
 * - `running`: Neo works; `awaiting_approval`: Neo waits for a person; `overdue`: Neo works for longer than was permitted
 * - `fixed`: ended with a pull request in the task's repository; `not_fixed`: ended without one
 * - `failed`: Neo ended it with an error, or was cancelled; `closed`: the incident was over before Neo was done
 * - `refused`: there is no task; `unknown`: whether there is one cannot be told
 * - `skipped`: none is wanted for such an alert
 */
export const TASK_STATES = [
  'claimed',
  'running',
  'awaiting_approval',
  'overdue',
  'fixed',
  'not_fixed',
  'failed',
  'closed',
  'refused',
  'unknown',
  'skipped',
] as const;
export type TaskState = (typeof TASK_STATES)[number];

/** States in which a person has to look at the incident. */
const FOR_A_PERSON: ReadonlySet<TaskState> = new Set([
  'awaiting_approval',
  'overdue',
  'not_fixed',
  'failed',
  'refused',
  'unknown',
]);

export function needsPerson(state: TaskState): boolean {
  return FOR_A_PERSON.has(state);
}

export const approvalRequestSchema = z.object({
  id: z.string(),
  /** What Neo asks, masked and cut. */
  message: z.string(),
  type: z.string(),
  /** `sensitive` is what even the approval mode `balanced` leaves to a person, such as `pulumi up`. */
  sensitivity: z.string(),
});
export type ApprovalRequest = z.infer<typeof approvalRequestSchema>;

/** The key `response.task` of an item: the task that Pulumi Neo was given to fix an incident's cause. Times are ISO 8601 in UTC. */
export const taskSchema = z.object({
  state: z.enum(TASK_STATES),
  /** Neo's id of it; null while there is none. */
  id: z.string().nullable(),
  organization: z.string(),
  /** Where a person sees it in Pulumi Cloud. */
  url: z.string().nullable(),
  /** Neo's own word: `running` or `idle`. */
  status: z.string().nullable(),
  /** Neo's last message, masked and cut. */
  message: z.string().nullable(),
  /** URL of a pull request in the repository that the task was given; one elsewhere does not count. */
  pullRequest: z.string().nullable(),
  approval: approvalRequestSchema.nullable(),
  /** What is wrong, if anything is. */
  problem: z.string().nullable(),
  /** For the incident's notes: what happened and what to do next. Plain text. */
  note: z.string(),
  promptVersion: z.string(),
  createdAt: z.iso.datetime().nullable(),
  checkedAt: z.iso.datetime(),
});
export type NeoTask = z.infer<typeof taskSchema>;
