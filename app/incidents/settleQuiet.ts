import { quietReason } from '../../core/folding/quiet';
import { statusOf } from '../../core/incident/incidentRecord';
import type { Configuration } from '../../core/incident/responsePolicy';
import type { IncidentStore } from './ports';

/**
 * Settles the incidents that nobody waits for and nothing was heard of for a while. Returns how many. One that another
 * worker writes at the same moment is left for the next time.
 */
export async function settleQuiet(
  store: Pick<IncidentStore, 'all' | 'update'>,
  configuration: Pick<Configuration, 'incidents' | 'approvalHours'>,
  now: Date,
): Promise<number> {
  let settled = 0;
  for (const record of await store.all()) {
    const status = statusOf(record);
    const reason = quietReason(status, configuration, now);
    if (reason === null) continue;
    const change = { state: 'Settled' as const, reason, changedAt: now.toISOString() };
    if ((await store.update(record, { ...status, ...change })) !== null) settled += 1;
  }
  return settled;
}
