import { actionOperation } from '../act';
import type { Resource } from '../operation';
import { confirmReported } from './confirmReported';
import { getAll } from './getAll';
import { getDue } from './getDue';

/** What isolates a pod, until it is taken back. */
export const quarantine: Resource = {
  name: 'Quarantine',
  value: 'quarantine',
  operations: [getAll, getDue, confirmReported, actionOperation('release_pod')],
};
