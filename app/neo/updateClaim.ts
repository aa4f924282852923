import type { Claim } from '../../core/remediation/claim';
import type { ClaimStatus } from '../../core/remediation/claimStatus';
import { untilFirst } from '../untilFirst';
import type { ClaimStore } from './ports';

/** Writes to the current version of a claim, for facts that hold whatever another worker wrote. Null when the claim is gone. */
export async function updateClaim(
  claims: ClaimStore,
  incident: string,
  change: (claim: Claim) => ClaimStatus,
): Promise<Claim | null> {
  const nextStep = 'Run the node again; if it happens again, look at who else writes these claims.';
  const { claim } = await untilFirst(
    { what: `the claim of incident ${incident}`, nextStep, incidentId: incident },
    async () => {
      const current = await claims.find(incident);
      if (current === null) return { claim: null };
      const written = await claims.update(current, change(current));
      return written === null ? null : { claim: written };
    },
  );
  return claim;
}
