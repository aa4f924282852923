import type { Resource } from '../operation';
import { carryOutAgain } from './carryOutAgain';
import { decide } from './decide';
import { expire } from './expire';
import { get } from './get';
import { getAll } from './getAll';
import { request } from './request';

/** An incident that waits for a person. */
export const approval: Resource = {
  name: 'Approval',
  value: 'approval',
  operations: [getAll, get, decide, request, expire, carryOutAgain],
};
