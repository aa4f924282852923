import type { FoundContext, PodContext } from '../incident/context';
import type { Configuration } from '../incident/responsePolicy';
import type { NamedPod } from './approvalPods';
import type { PodState } from './offers';
import type { QuarantineRecord } from './record';

/** An Approval's pod, as it is now. */
export interface PodNow extends NamedPod {
  state: PodState;
  /** Null when it is gone or cannot be read. */
  pod: PodContext | null;
  quarantine: FoundContext['quarantine'];
}

/**
 * What the API server says of an eviction that it only checks. `allowed`: no PodDisruptionBudget forbids it; `forbidden`: one
 * does; `unknown`: it gave another answer, or none.
 */
export type EvictionCheck = 'allowed' | 'forbidden' | 'unknown';

/** What is known of an Approval's pods when a person looks at it. */
export interface ApprovalNow {
  pods: readonly PodNow[];
  /** Everything that policy needs, read of the first pod that is there; null without one. */
  context: FoundContext | null;
  eviction: EvictionCheck;
  /** The quarantines of this incident, ended ones too. */
  quarantines: readonly QuarantineRecord[];
  /** The administrator's settings; null when they cannot be read. */
  configuration: Configuration | null;
}
