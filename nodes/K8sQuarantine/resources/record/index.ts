import type { Resource } from '../operation';
import { getExpired } from './getExpired';
import { prune } from './prune';

/** Incidents, Approvals, Quarantines and NeoTasks that are final, for as long as they are kept. */
export const record: Resource = {
  name: 'Record',
  value: 'record',
  operations: [getExpired, prune],
};
