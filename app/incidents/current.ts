import { isOfOpening, settledByTime } from '../../core/folding/byTime';
import { withRepeats } from '../../core/folding/events';
import type { Alert } from '../../core/incident/alert';
import { type IncidentRecord, type IncidentStatus, statusOf } from '../../core/incident/incidentRecord';
import type { IncidentBounds } from '../../core/incident/responsePolicy';
import type { AdmissionPorts } from './admission';
import type { IncidentStore } from './ports';

/** When an incident is looked at, and what the administrator allows. */
export interface Moment {
  bounds: IncidentBounds;
  now: Date;
}

/** An incident as an alert finds it: with what was counted and not written down yet. Null when there is none. */
export function currentStatus(
  { store, repeats }: Pick<AdmissionPorts, 'store' | 'repeats'>,
  record: IncidentRecord | null,
  alert: Alert,
  { bounds, now }: Moment,
): IncidentStatus | null {
  if (record === null) return null;
  const status = withRepeats(statusOf(record), repeats.of(record.metadata.name));
  return store.settledBy === 'workflow' || isOfOpening(status, alert) ? status : settledByTime(status, bounds, now);
}

/** The incidents that count for bounds and related ones, as they are now. */
export async function currentRecords(store: IncidentStore, { bounds, now }: Moment): Promise<IncidentRecord[]> {
  const records = await store.all();
  return store.settledBy === 'workflow'
    ? records
    : records.map((record) => ({ ...record, status: settledByTime(statusOf(record), bounds, now) }));
}
