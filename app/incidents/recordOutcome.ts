import { afterOutcome } from '../../core/folding/outcome';
import type { Incident } from '../../core/incident/incident';
import { PipelineError } from '../../core/errors';
import type { IncidentStore } from './ports';
import { updateIncident } from './updateIncident';

/**
 * Writes what a pass through the workflow led to into its incident. Does nothing for an item that belongs to none, or
 * whose incident was opened again since.
 * @throws PipelineError `conflict` when others kept writing, `not_found` when somebody deleted the incident
 */
export async function recordOutcome(
  store: Pick<IncidentStore, 'find' | 'update'>,
  incident: Incident,
  now: Date,
): Promise<void> {
  const name = incident.alert.incident?.name;
  if (name === undefined || incident.task !== undefined) return;
  const isKept = await updateIncident(store, name, (status) =>
    // What passes a storm keeps an id of its own, and does not settle the storm.
    status.incident === incident.alert.id ? afterOutcome(status, incident, now) : null,
  );
  if (!isKept)
    throw new PipelineError('not_found', `incident ${name} does not exist`, {
      nextStep: 'Somebody deleted it: the next event opens it again.',
      incidentId: incident.alert.id,
    });
}
