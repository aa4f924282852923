import { PipelineError } from '../../core/errors';
import type { FinalRecord } from '../../core/retention/finalRecord';
import type { RetentionStore } from './ports';

/** `kept`: somebody changed it since it was found to be old. `gone`: somebody else deleted it. */
export type Pruning = 'pruned' | 'kept' | 'gone';

/**
 * Deletes a record, if it is still the version that was found. Doing it twice does no harm.
 * @throws PipelineError `rejected` when admission keeps it, `unreachable` when the API server does not answer
 */
export async function prune(store: Pick<RetentionStore, 'remove'>, record: FinalRecord): Promise<Pruning> {
  try {
    await store.remove(record);
    return 'pruned';
  } catch (error) {
    if (!(error instanceof PipelineError)) throw error;
    if (error.code === 'conflict') return 'kept';
    if (error.code === 'not_found') return 'gone';
    throw error;
  }
}
