import { create } from './create';
import type { Operation } from './operation';
import { confirmTold, dueForReview, endForIncident } from './review';
import { answerApproval, cancel, followed, get, getEvents, waitUntilDone } from './task';

/** By the value of the node's parameter `operation`. */
export const OPERATIONS: Readonly<Record<string, Operation>> = {
  create,
  get,
  wait: waitUntilDone,
  get_events: getEvents,
  follow_events: followed,
  answer_approval: answerApproval,
  cancel,
  due_for_review: dueForReview,
  confirm_told: confirmTold,
  end_for_incident: endForIncident,
};
