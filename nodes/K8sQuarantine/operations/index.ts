import { ACTION_FACTS, ACTIONS } from '../../../core/incident/actions';
import { act, containFirst } from './act';
import { decideApproval, expireApprovals, getApproval, listApprovals, requestApproval } from './approvals';
import { checkAccess } from './checkAccess';
import { captureEvidence } from './evidence';
import { getContext } from './getContext';
import type { NodeOperation } from './operation';
import { recordEvent } from './recordEvent';
import { dueForReview, listQuarantined } from './review';

const ACTION_OPERATIONS: readonly NodeOperation[] = ACTIONS.map((value) => {
  const { title, label, description } = ACTION_FACTS[value];
  return { name: title, value, action: label, description, run: act(value) };
});

/** Every operation of the node. */
export const OPERATIONS: readonly NodeOperation[] = [
  ...ACTION_OPERATIONS,
  captureEvidence,
  checkAccess,
  containFirst,
  decideApproval,
  dueForReview,
  expireApprovals,
  getApproval,
  getContext,
  listApprovals,
  listQuarantined,
  recordEvent,
  requestApproval,
];
