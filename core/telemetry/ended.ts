import { createHash } from 'node:crypto';

import { z } from 'zod/v4';

const endedSchema = z.object({
  /** Name of the Incident object. */
  incident: z.string(),
  /** Events between its opening and its end. */
  events: z.number().int().positive(),
  /** Those of them that no execution has counted yet. */
  repeats: z.number().int().nonnegative(),
});
/** An incident of which nothing more is counted, with what it came to. */
export type EndedIncident = z.infer<typeof endedSchema>;

const itemSchema = z.object({ ended: z.array(endedSchema) });

/** Reads the output of *Incident: Settle Quiet*; null when the item is something else. */
export function readEnded(json: unknown): EndedIncident[] | null {
  return itemSchema.safeParse(json).data?.ended ?? null;
}

/** The key under which these incidents are counted as ended: an execution that runs again counts them once. */
export function endedPass(ended: readonly EndedIncident[], execution: string): string {
  const names = ended.map(({ incident, events }) => `${incident} ${events}`).join('\n');
  return `ended ${execution} ${createHash('sha256').update(names).digest('hex')}`;
}
