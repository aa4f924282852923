import type { Proposal } from '../../incident/decision';
import { type AnswerKind, confidenceIn } from './confidence';

/** What the playbook answers, and why. The confidence is how often answers of its kind were right on labelled cases. */
export interface PlaybookEntry extends Proposal {
  /**
   * Whether the rule means that attacker-chosen code ran in the pod: such a pod may be isolated before the analysis, if
   * its namespace opted in.
   */
  containFirst: boolean;
}

/** What can isolate a pod. */
type Isolating = Extract<AnswerKind, `isolate${string}`>;

/** Isolate the pod before the analysis, where its namespace opted in. */
export function containFirst(reason: string, by?: Isolating): PlaybookEntry {
  return { ...contain(reason, by), containFirst: true };
}

/** Isolate the pod. */
export function contain(reason: string, by: Isolating = 'isolateByRule'): PlaybookEntry {
  return {
    decision: 'quarantine_pod',
    classification: 'true_positive',
    confidence: confidenceIn(by),
    reason,
    containFirst: false,
  };
}

/** Delete the pod: nothing else explains the rule. */
export function remove(reason: string): PlaybookEntry {
  return {
    decision: 'delete_pod',
    classification: 'true_positive',
    confidence: confidenceIn('delete'),
    reason,
    containFirst: true,
  };
}

/** A person decides. */
export function review(reason: string): PlaybookEntry {
  return {
    decision: 'escalate',
    classification: 'needs_review',
    confidence: confidenceIn('ask'),
    reason,
    containFirst: false,
  };
}

/** Recorded, not acted on: facts that nobody in the pod can write explain it. */
export function record(reason: string): PlaybookEntry {
  return {
    decision: 'ignore',
    classification: 'false_positive',
    confidence: confidenceIn('record'),
    reason,
    containFirst: false,
  };
}
