import type { Claim } from '../../core/remediation/claim';
import type { ClaimStatus } from '../../core/remediation/claimStatus';
import type { ClaimStore } from './ports';

const ATTEMPTS = 10;

/** Writes to the current version of a claim, for facts that hold whatever another worker wrote. Null when the claim is gone. */
export async function updateClaim(
  claims: ClaimStore,
  incident: string,
  change: (claim: Claim) => ClaimStatus,
): Promise<Claim | null> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const claim = await claims.find(incident);
    if (claim === null) return null;
    const written = await claims.update(claim, change(claim));
    if (written !== null) return written;
  }
  throw new Error(`the claim of incident ${incident} was changed by others ${ATTEMPTS} times in a row`);
}
