import type { Proposal } from '../../incident/decision';

/** What the playbook answers, and why. The confidence is how reliable the rule's own logic is, without the case. */
export interface PlaybookEntry extends Proposal {
  /**
   * Whether the rule means that attacker-chosen code ran in the pod: such a pod may be isolated before the analysis, if
   * its namespace opted in.
   */
  containFirst: boolean;
}

/** Isolate the pod before the analysis, where its namespace opted in. */
export function containFirst(reason: string): PlaybookEntry {
  return { ...contain(reason), containFirst: true };
}

/** Isolate the pod. */
export function contain(reason: string): PlaybookEntry {
  return {
    decision: 'quarantine_pod',
    classification: 'true_positive',
    confidence: 0.85,
    reason,
    containFirst: false,
  };
}

/** Delete the pod: nothing else explains the rule. */
export function remove(reason: string): PlaybookEntry {
  return {
    decision: 'delete_pod',
    classification: 'true_positive',
    confidence: 0.95,
    reason,
    containFirst: true,
  };
}

/** A person decides. */
export function review(reason: string): PlaybookEntry {
  return { decision: 'escalate', classification: 'needs_review', confidence: 0.5, reason, containFirst: false };
}

/** Recorded, not acted on: facts that nobody in the pod can write explain it. */
export function record(reason: string): PlaybookEntry {
  return { decision: 'ignore', classification: 'false_positive', confidence: 0.6, reason, containFirst: false };
}
