import { isForgettable, quietReason } from '../../core/folding/quiet';
import { type IncidentRecord, type IncidentStatus, statusOf } from '../../core/incident/incidentRecord';
import type { Configuration } from '../../core/incident/responsePolicy';
import { isRoutineRule } from '../../core/policy/sensorMessage';
import type { EndedIncident } from '../../core/telemetry/ended';
import type { IncidentStore } from './ports';

/**
 * Settles the incidents that nobody waits for and nothing was heard of for a while, and archives those that were settled
 * long enough ago to count for nothing. Returns how many it settled and those that it archived. One that another worker
 * writes at the same moment is left for the next time.
 */
export async function settleQuiet(
  store: Pick<IncidentStore, 'all' | 'update'>,
  configuration: Pick<Configuration, 'incidents' | 'approvalHours'>,
  now: Date,
): Promise<{ settled: number; ended: EndedIncident[] }> {
  const ended: EndedIncident[] = [];
  let settled = 0;
  for (const record of await store.all()) {
    const status = statusOf(record);
    const change = changeOf(status, configuration, now);
    if (change === null || (await store.update(record, { ...status, ...change })) === null) continue;
    if (change.state !== undefined) settled += 1;
    if (change.archived === true && !isCountedApart(record)) ended.push(endedOf(record.metadata.name, status));
  }
  return { settled, ended };
}

/** Self-tests and the sensor's routine messages are in no series of incidents. */
function isCountedApart({ spec: { synthetic, source, rule, subject } }: IncidentRecord): boolean {
  return synthetic === true || (source === 'falco' && subject.kind !== 'Pod' && isRoutineRule(rule));
}

function changeOf(
  status: IncidentStatus,
  configuration: Pick<Configuration, 'incidents' | 'approvalHours'>,
  now: Date,
): Partial<IncidentStatus> | null {
  if (isForgettable(status, now)) return { archived: true, counted: status.count };
  const reason = quietReason(status, configuration, now);
  return reason === null ? null : { state: 'Settled', reason, changedAt: now.toISOString() };
}

function endedOf(incident: string, { count, counted }: IncidentStatus): EndedIncident {
  return { incident, events: count, repeats: count - counted };
}
