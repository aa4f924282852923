import type { IExecuteFunctions } from 'n8n-workflow';
import { z } from 'zod/v4';

import type { IncidentStore } from '../../../../app/incidents/ports';
import { PORTION, untilRoom } from '../../../../app/incidents/room';

/** What a node starts in one execution at most; the next execution goes on where it ended. */
const MOST = { portions: 10, ms: 240_000 } as const;
const ROOM = { unfinished: PORTION / 2, patienceMs: 60_000, pauseMs: 1_000 } as const;

/** What n8n keeps for a node during an execution. */
const keptSchema = z.object({
  portions: z.number(),
  /** When the first one began, ISO 8601. */
  since: z.coerce.date(),
  /** When no further one begins, by `performance.now()`: an execution that runs stays in its process. */
  until: z.number(),
});

/**
 * Whether a node may start one portion more. The first begins at once; each later one when what was started before has made room, so
 * that n8n does not have all executions at the same time.
 * @throws PipelineError when the store cannot be asked
 */
export async function mayStartPortion(
  context: Pick<IExecuteFunctions, 'getContext'>,
  store: Pick<IncidentStore, 'all'>,
  now: Date,
): Promise<boolean> {
  const kept = context.getContext('node');
  const before = keptSchema.safeParse(kept).data;
  if (before === undefined) {
    Object.assign(kept, { portions: 1, since: now.toISOString(), until: performance.now() + MOST.ms });
    return true;
  }
  if (before.portions >= MOST.portions || performance.now() > before.until) return false;
  kept.portions = before.portions + 1;
  return untilRoom(store, { ...ROOM, since: before.since });
}
