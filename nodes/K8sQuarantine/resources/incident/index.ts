import type { Resource } from '../operation';
import { admitMissed } from './admitMissed';
import { get } from './get';
import { getBacklog } from './getBacklog';
import { getReport } from './getReport';
import { recordOutcome } from './recordOutcome';
import { settleQuiet } from './settleQuiet';
import { startAgain } from './startAgain';

/** Everything that one source reports by one rule about one subject. */
export const incident: Resource = {
  name: 'Incident',
  value: 'incident',
  operations: [recordOutcome, settleQuiet, startAgain, admitMissed, getBacklog, get, getReport],
};
