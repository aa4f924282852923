import type { Classification, Decision } from '../incident/decision';

/** What the playbook answers, and why. */
export interface PlaybookEntry {
  decision: Decision;
  classification: Classification;
  /** 0 to 1: how reliable the rule's own logic is, without looking at the case. */
  confidence: number;
  reason: string;
}

export function contain(reason: string): PlaybookEntry {
  return { decision: 'quarantine_pod', classification: 'true_positive', confidence: 0.85, reason };
}

export function review(reason: string): PlaybookEntry {
  return { decision: 'escalate', classification: 'needs_review', confidence: 0.5, reason };
}
