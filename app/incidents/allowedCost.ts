import { type Allowance, allowance, type UsageAround } from '../../core/folding/bounds';
import type { Alert } from '../../core/incident/alert';
import { isHeartbeat } from '../../core/incident/heartbeat';
import type { IncidentStatus } from '../../core/incident/incidentRecord';
import type { AdmissionPorts } from './admission';
import type { Moment } from './current';

/**
 * What the next pass of an alert's incident may cost; a heartbeat costs nothing. Where all incidents together have spent a bound, a
 * person is told.
 */
export function allowedCost(
  { spent }: Pick<AdmissionPorts, 'spent'>,
  alert: Alert,
  before: IncidentStatus | null,
  usage: UsageAround,
  { bounds, now }: Moment,
): Allowance {
  if (isHeartbeat(alert)) return { model: false, notify: false, spent: [] };
  const allowed = allowance(before, usage, bounds, now);
  for (const bound of allowed.spent) spent(bound, alert, now);
  return allowed;
}
