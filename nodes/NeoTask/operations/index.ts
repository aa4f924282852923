import { create } from './create';
import type { NodeOperation } from './operation';
import { confirm, dueForReview, endForIncident } from './review';
import { answerApproval, cancel, followed, get, getEvents, waitUntilDone } from './task';

/** Every operation of the node. */
export const OPERATIONS: readonly NodeOperation[] = [
  answerApproval,
  cancel,
  confirm,
  create,
  dueForReview,
  endForIncident,
  followed,
  get,
  getEvents,
  waitUntilDone,
];
