import type { Resource } from '../operation';
import { confirmReported } from './confirmReported';
import { exportFalco } from './exportFalco';
import { getDue } from './getDue';
import { propose } from './propose';

/** A person's standing verdict that alerts like one are false positives. */
export const exception: Resource = {
  name: 'Exception',
  value: 'exception',
  operations: [exportFalco, getDue, confirmReported, propose],
};
