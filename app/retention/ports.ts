import type { FinalRecord, RetainedKind } from '../../core/retention/finalRecord';
import type { LastState } from '../../core/retention/lastState';
import type { OpenRecords } from '../../core/retention/openRecords';

/** Where the records are that are pruned. All methods throw PipelineError when it does not do what was asked. */
export interface RetentionStore {
  /**
   * Records, on the ResponsePolicy, that pruning begins: admission takes the API server's time of this write for the
   * present. Returns for how many days records are kept.
   */
  begin: (now: Date) => Promise<number>;
  /** What open records of all kinds are about, read now. */
  openRecords: () => Promise<OpenRecords>;
  /** The records of a kind in a final state, a page at a time. One whose age nobody knows is left out. */
  finalRecords: (kind: RetainedKind) => AsyncIterable<FinalRecord>;
  /** What a record says. Null when it was changed or deleted since it was listed, and when it is not readable: it is reported then. */
  lastState: (record: FinalRecord) => Promise<LastState | null>;
  /** Deletes exactly this version. `conflict` when it was changed since, `not_found`, `rejected` by admission. */
  remove: (record: FinalRecord) => Promise<void>;
}
