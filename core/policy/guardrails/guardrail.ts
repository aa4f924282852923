import type { Alert } from '../../incident/alert';
import type { TargetContext } from '../../incident/context';
import type { ResponseMode } from '../../incident/mode';
import type { Decision } from '../../incident/decision';

/** What a guardrail may look at. From a model's answer it sees only the proposed decision and its confidence. */
export interface PolicyInput {
  decision: Decision;
  /**
   * The proposer's own confidence, 0 to 1; null when the action was requested without a proposal. Whether the model or
   * the playbook proposed is not checked: the playbook's own proposal agrees with the playbook, and an item may claim
   * anything.
   */
  confidence: number | null;
  alert: Alert;
  context: TargetContext | undefined;
  /** The most that the workflow allows. */
  mode: ResponseMode;
  /**
   * Whether a person approved exactly this decision. Approval lifts guardrails of judgement, never those of identity.
   */
  approved: boolean;
  /** Whether a person's exception proposes it. That lifts what stands for asking a person, and nothing else. */
  excepted?: boolean;
}

/** The strongest decision that a guardrail allows, and why. */
interface Ceiling {
  ceiling: 'quarantine_pod' | 'escalate';
  reason: string;
}

/** One safety check. It can lower a decision and never raise one. */
export interface Guardrail {
  name: string;
  /** Whether a person's judgement may replace this guardrail's. */
  liftedByApproval: boolean;
  /** Whether an exception, which is a person's standing judgement, replaces it. */
  liftedByException?: true;
  check: (input: PolicyInput) => Ceiling | null;
}

export function escalate(reason: string): Ceiling {
  return { ceiling: 'escalate', reason };
}
