import type { Alert } from '../../alert/alert';
import type { TargetContext } from '../../context/context';
import type { Decision } from '../decision';

/** What a guardrail may look at. It never sees what a model wrote beyond the decision it proposed. */
export interface PolicyInput {
  decision: Decision;
  alert: Alert;
  context: TargetContext | undefined;
}

/** The strongest decision a guardrail admits, and why. */
export interface Ceiling {
  ceiling: 'quarantine_pod' | 'escalate';
  reason: string;
}

/** One reason to be careful. It can lower a decision and never raise one. */
export interface Guardrail {
  name: string;
  check: (input: PolicyInput) => Ceiling | null;
}

export function escalate(reason: string): Ceiling {
  return { ceiling: 'escalate', reason };
}
