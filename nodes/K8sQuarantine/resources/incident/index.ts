import type { Resource } from '../operation';
import { admitMissed } from './admitMissed';
import { getBacklog } from './getBacklog';
import { recordOutcome } from './recordOutcome';
import { settleQuiet } from './settleQuiet';
import { startAgain } from './startAgain';

/** Everything that one source reports by one rule about one subject. */
export const incident: Resource = {
  name: 'Incident',
  value: 'incident',
  operations: [recordOutcome, settleQuiet, startAgain, admitMissed, getBacklog],
};
