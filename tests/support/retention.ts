import type { FinalRecord } from '../../core/retention/finalRecord';
import type { LastState } from '../../core/retention/lastState';

/** A record in a final state, created and changed last long ago. */
export function finalRecord(change: Partial<FinalRecord> = {}): FinalRecord {
  return {
    kind: 'Approval',
    name: `incident-${'0'.repeat(32)}`,
    uid: 'uid-1',
    resourceVersion: '1',
    createdAt: '2026-01-01T00:00:00Z',
    changedAt: '2026-01-01T01:00:00Z',
    ...change,
  };
}

/** What such a record said. */
export function lastState(change: Partial<LastState> = {}): LastState {
  return { ...finalRecord(), incident: 'falco-1', state: 'Rejected', details: {}, ...change };
}
