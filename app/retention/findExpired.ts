import { messageOf, PipelineError } from '../../core/errors';
import { isExpired, RETAINED_KINDS, type RetainedKind } from '../../core/retention/finalRecord';
import { isNeeded, type LastState } from '../../core/retention/lastState';
import type { OpenRecords } from '../../core/retention/openRecords';
import type { RetentionStore } from './ports';

/** How many records of one kind are pruned each time, so that neither n8n nor the API server is busy with it for long. */
export const PRUNED_AT_ONCE = 250;

/** How many problems of one kind are named. */
const MOST_PROBLEMS = 5;

export interface Expired {
  records: LastState[];
  /** Kinds of which there are more; the next time includes them. */
  more: RetainedKind[];
  /** What the store did not answer; the next time includes it. */
  problems: string[];
}

interface Search {
  store: RetentionStore;
  retentionDays: number;
  now: Date;
  open: OpenRecords;
}

/**
 * Records in a final state that nobody changed for as long as the ResponsePolicy says, and that no open record needs: those
 * of an incident stay together until all of them are final. A kind that cannot be listed does not keep the others.
 * @throws PipelineError when it cannot be known what is still needed
 */
export async function findExpired(store: RetentionStore, now: Date): Promise<Expired> {
  const retentionDays = await store.begin(now);
  const search: Search = { store, retentionDays, now, open: await store.openRecords() };
  const found: Expired = { records: [], more: [], problems: [] };
  for (const kind of RETAINED_KINDS) {
    const ofKind = await expiredOf(kind, search);
    found.records.push(...ofKind.records);
    found.problems.push(...ofKind.problems);
    if (ofKind.isCut) found.more.push(kind);
  }
  return found;
}

async function expiredOf(kind: RetainedKind, { store, retentionDays, now, open }: Search) {
  const found = { records: [] as LastState[], problems: [] as string[], isCut: false };
  const failed = (error: unknown): void => {
    if (!(error instanceof PipelineError)) throw error;
    if (found.problems.length < MOST_PROBLEMS) found.problems.push(messageOf(error));
  };
  try {
    for await (const record of store.finalRecords(kind)) {
      if (!isExpired(record, retentionDays, now)) continue;
      if (found.records.length === PRUNED_AT_ONCE) return { ...found, isCut: true };
      const state = await store.lastState(record).catch(failed);
      if (state != null && !isNeeded(state, open)) found.records.push(state);
    }
  } catch (error) {
    failed(error);
  }
  return found;
}
