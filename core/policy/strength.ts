import type { Decision } from '../incident/decision';

/**
 * How much a decision changes in the cluster. `ignore` changes nothing but is not safe: its safer form is `escalate`.
 */
const STRENGTH: Readonly<Record<Decision, number>> = { delete_pod: 2, quarantine_pod: 1, ignore: 0, escalate: 0 };

/** Whether a decision changes something in the cluster. */
export function acts(decision: Decision): boolean {
  return STRENGTH[decision] > 0;
}

/** Whether `wanted` changes more than `granted` allows. */
export function isStronger(wanted: Decision, granted: Decision): boolean {
  return STRENGTH[wanted] > STRENGTH[granted];
}

/** The safer of two decisions: delete_pod → quarantine_pod → escalate, ignore → escalate. */
export function safer(decision: Decision, ceiling: 'quarantine_pod' | 'escalate'): Decision {
  if (ceiling === 'escalate') return 'escalate';
  return isStronger(decision, ceiling) ? ceiling : decision;
}

/** The playbook's answers in the order in which text from a pod may raise them. */
const LEVEL: Readonly<Record<Decision, number>> = { ignore: 0, escalate: 1, quarantine_pod: 2, delete_pod: 3 };

/** How strong an answer of the playbook is: unlike what it changes, `escalate` is more than `ignore`. */
export function level(decision: Decision): number {
  return LEVEL[decision];
}
