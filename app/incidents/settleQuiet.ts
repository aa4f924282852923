import { isForgettable, quietReason } from '../../core/folding/quiet';
import { type IncidentStatus, statusOf } from '../../core/incident/incidentRecord';
import type { Configuration } from '../../core/incident/responsePolicy';
import type { IncidentStore } from './ports';

/**
 * Settles the incidents that nobody waits for and nothing was heard of for a while, and archives those that were settled
 * long enough ago to count for nothing. Returns how many it settled. One that another worker writes at the same moment is
 * left for the next time.
 */
export async function settleQuiet(
  store: Pick<IncidentStore, 'all' | 'update'>,
  configuration: Pick<Configuration, 'incidents' | 'approvalHours'>,
  now: Date,
): Promise<number> {
  let settled = 0;
  for (const record of await store.all()) {
    const status = statusOf(record);
    const change = changeOf(status, configuration, now);
    if (change === null || (await store.update(record, { ...status, ...change })) === null) continue;
    if (change.state !== undefined) settled += 1;
  }
  return settled;
}

function changeOf(
  status: IncidentStatus,
  configuration: Pick<Configuration, 'incidents' | 'approvalHours'>,
  now: Date,
): Partial<IncidentStatus> | null {
  if (isForgettable(status, now)) return { archived: true };
  const reason = quietReason(status, configuration, now);
  return reason === null ? null : { state: 'Settled', reason, changedAt: now.toISOString() };
}
