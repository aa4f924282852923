import { z } from 'zod/v4';

const backlogSchema = z.object({
  unfinished: z.number().int().nonnegative(),
  /** When the alert of the oldest came in; null if there is none. */
  since: z.iso.datetime().nullable(),
  /** How many Approvals wait for a person, and since when the oldest does; null if none waits. */
  approvals: z.number().int().nonnegative(),
  approvalsSince: z.iso.datetime().nullable(),
  /** When it was looked at. */
  at: z.iso.datetime(),
});
/** How many alerts are not decided yet, by the pipeline and by people, as *Incident: Get Backlog* gives it. */
export type MeasuredBacklog = z.infer<typeof backlogSchema>;

const itemSchema = z.object({ backlog: backlogSchema });

/** Reads the output of *Incident: Get Backlog*; null when the item is something else. */
export function readBacklog(json: unknown): MeasuredBacklog | null {
  return itemSchema.safeParse(json).data?.backlog ?? null;
}
