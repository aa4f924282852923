import type { Claim, ClaimStatus } from '../../core/remediation/claim';
import type { ClaimStore } from './claimStore';

const ATTEMPTS = 10;

/** Writes on whatever version of a claim is there; for facts that hold whoever else wrote. Null when it is gone. */
export async function mark(
  store: ClaimStore,
  incident: string,
  change: (claim: Claim) => ClaimStatus,
): Promise<Claim | null> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const claim = await store.find(incident);
    if (claim === null) return null;
    const written = await store.update(claim, change(claim));
    if (written !== null) return written;
  }
  throw new Error(`the claim of incident ${incident} was changed by others ${ATTEMPTS} times in a row`);
}
