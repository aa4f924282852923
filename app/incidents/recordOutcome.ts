import { afterOutcome } from '../../core/folding/outcome';
import { withEnded } from '../../core/folding/unfinished';
import type { Incident } from '../../core/incident/incident';
import type { IncidentStatus } from '../../core/incident/incidentRecord';
import { PipelineError } from '../../core/errors';
import type { IncidentStore } from './ports';
import { updateIncident } from './updateIncident';

/**
 * Writes what a pass through the workflow led to into its incident. Does nothing for an item that belongs to none, or
 * whose incident was opened again since.
 * @returns where the incident stands then; null where nothing was written
 * @throws PipelineError `conflict` when others kept writing, `not_found` when somebody deleted the incident
 */
export async function recordOutcome(
  store: Pick<IncidentStore, 'find' | 'update'>,
  incident: Incident,
  now: Date,
): Promise<Pick<IncidentStatus, 'state' | 'reason'> | null> {
  const name = incident.alert.incident?.name;
  if (name === undefined || incident.task !== undefined) return null;
  let reached: IncidentStatus | null = null;
  const isKept = await updateIncident(store, name, (status) => {
    const ended = withEnded(status, incident.alert);
    // What passes a storm keeps an id of its own, and does not settle the storm.
    reached = status.incident === incident.alert.id ? afterOutcome(ended, incident, now) : null;
    return reached ?? (ended === status ? null : ended);
  });
  if (!isKept)
    throw new PipelineError('not_found', `incident ${name} does not exist`, {
      nextStep: 'Somebody deleted it: the next event opens it again.',
      incidentId: incident.alert.id,
    });
  return reached;
}
