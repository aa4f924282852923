import { z } from 'zod/v4';

/**
 * The state of the work on an incident's cause.
 * - `claimed`: another execution is starting the Neo task at this moment
 * - `running`: Neo works; `awaiting_approval`: Neo waits for a person; `overdue`: Neo has worked longer than permitted
 * - `fixed`: ended with a pull request in the task's repository; `not_fixed`: ended without one
 * - `failed`: Neo ended it with an error, or it was cancelled; `closed`: the incident was resolved before Neo finished
 * - `refused`: there is no task; `unknown`: it cannot be determined whether there is one
 * - `joined`: the task of another incident works on the same finding
 * - `skipped`: no task is wanted for such an alert
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
  'joined',
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
  /** Neo's question, masked and cut. */
  message: z.string(),
  type: z.string(),
  /** `sensitive`: even the approval mode `balanced` leaves it to a person, such as `pulumi up`. */
  sensitivity: z.string(),
});
export type ApprovalRequest = z.infer<typeof approvalRequestSchema>;

/**
 * The key `response.task` of an item: the task that Pulumi Neo was given to fix an incident's cause. Times are ISO 8601
 * in UTC.
 */
export const taskSchema = z.object({
  state: z.enum(TASK_STATES),
  /** Neo's id of the task; null until there is a task. */
  id: z.string().nullable(),
  organization: z.string(),
  /** Where a person finds it in Pulumi Cloud. */
  url: z.string().nullable(),
  /** The status as Neo reports it: `running` or `idle`. */
  status: z.string().nullable(),
  /** Neo's last message, masked and cut. */
  message: z.string().nullable(),
  /** URL of a pull request in the task's repository; one in another repository does not count. */
  pullRequest: z.string().nullable(),
  approval: approvalRequestSchema.nullable(),
  /** What is wrong, or null. */
  problem: z.string().nullable(),
  /** Text for the incident's notes: what happened and what to do next. Plain text. */
  note: z.string(),
  promptVersion: z.string(),
  createdAt: z.iso.datetime().nullable(),
  checkedAt: z.iso.datetime(),
});
export type NeoTask = z.infer<typeof taskSchema>;
