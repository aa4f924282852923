import type { AlertSource } from '../../core/incident/alertSource';
import type { Claim, ClaimSpec } from '../../core/remediation/claim';
import type { ClaimStatus } from '../../core/remediation/claimStatus';

export const CLAIMED_AT = '2026-11-21T10:15:31.000Z';

export function specOf(change: Partial<ClaimSpec> = {}): ClaimSpec {
  return {
    incident: '0f8e7d6c5b4a39281706f5e4d3c2b1a0',
    fingerprint: 'f1f2f3f4',
    claimedAt: CLAIMED_AT,
    organization: 'acme',
    repository: 'github.com/acme/infrastructure',
    stack: 'playground/production',
    promptVersion: 'neo/1',
    item: itemOf('pagerduty'),
    ...change,
  };
}

/** The item of an incident that this source reported. */
export function itemOf(source: AlertSource): string {
  return JSON.stringify({ alert: { source, time: '2020-01-01T00:00:00.000Z' } });
}

export function claimOf(spec: Partial<ClaimSpec> = {}, status: ClaimStatus = {}): Claim {
  return { spec: specOf(spec), status, version: '1' };
}
