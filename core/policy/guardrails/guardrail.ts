import type { Alert } from '../../incident/alert';
import type { TargetContext } from '../../incident/context';
import type { ResponseMode } from '../../incident/mode';
import type { Decision } from '../../incident/decision';

/** What a guardrail may look at. It never sees what a model wrote beyond the decision it proposed and how sure it was. */
export interface PolicyInput {
  decision: Decision;
  /**
   * The proposer's own, 0 to 1; null when the action was asked for without a proposal. Whether a model or the playbook
   * proposed is not asked: the playbook's own proposal agrees with the playbook, and an item may claim anything.
   */
  confidence: number | null;
  alert: Alert;
  context: TargetContext | undefined;
  /** What the workflow allows at most. */
  mode: ResponseMode;
  /** Whether a person has approved exactly this decision. It lifts guardrails of judgement, never those of identity. */
  approved: boolean;
}

/** The strongest decision a guardrail admits, and why. */
export interface Ceiling {
  ceiling: 'quarantine_pod' | 'escalate';
  reason: string;
}

/** One reason to be careful. It can lower a decision and never raise one. */
export interface Guardrail {
  name: string;
  /** Whether it stands for a judgement that a person may make instead. */
  liftedByApproval: boolean;
  check: (input: PolicyInput) => Ceiling | null;
}

export function escalate(reason: string): Ceiling {
  return { ceiling: 'escalate', reason };
}
