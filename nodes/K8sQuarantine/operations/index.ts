import { act, containFirst } from './act';
import { decideApproval, expireApprovals, getApproval, listApprovals, requestApproval } from './approvals';
import { checkAccess } from './checkAccess';
import { captureEvidence } from './evidence';
import { getContext } from './getContext';
import type { Operation } from './operation';
import { recordEvent } from './recordEvent';
import { dueForReview, listQuarantined } from './review';

/** By the value of the node's parameter `operation`. */
export const OPERATIONS: Readonly<Record<string, Operation>> = {
  get_context: getContext,
  contain_first: containFirst,
  quarantine_pod: act('quarantine_pod'),
  release_pod: act('release_pod'),
  delete_pod: act('delete_pod'),
  evict_pod: act('evict_pod'),
  capture_evidence: captureEvidence,
  record_event: recordEvent,
  request_approval: requestApproval,
  list_approvals: listApprovals,
  get_approval: getApproval,
  decide_approval: decideApproval,
  expire_approvals: expireApprovals,
  list_quarantined: listQuarantined,
  due_for_review: dueForReview,
  check_access: checkAccess,
};
