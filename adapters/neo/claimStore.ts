import type { Claim, ClaimSpec, ClaimStatus } from '../../core/remediation/claim';

/**
 * Where claims are kept, so that an incident has one task whichever worker its alert reaches: Kubernetes or PostgreSQL.
 * All of them throw PipelineError when the store cannot be reached.
 */
export interface ClaimStore {
  /** Claims an incident, or gives the claim that is there. Of any number at once exactly one gets `mine`. */
  claim: (spec: ClaimSpec) => Promise<{ claim: Claim; mine: boolean }>;
  /** Writes a claim's status; null when somebody else has written since it was read. */
  update: (claim: Claim, status: ClaimStatus) => Promise<Claim | null>;
  /** Claims of which something is left to be done. */
  unsettled: () => Promise<Claim[]>;
  find: (incident: string) => Promise<Claim | null>;
}
