import { outcomeOfPass } from '../../core/folding/outcome';
import type { Incident } from '../../core/incident/incident';
import { statusOf } from '../../core/incident/incidentRecord';
import { PipelineError } from '../../core/errors';
import type { IncidentStore } from './ports';

const ATTEMPTS = 5;

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
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const record = await store.find(name);
    if (record === null)
      throw new PipelineError('not_found', `incident ${name} does not exist`, {
        nextStep: 'Somebody deleted it: the next event opens it again.',
        incidentId: incident.alert.id,
      });
    const current = statusOf(record);
    // What passes a storm keeps an id of its own, and does not settle the storm.
    if (current.incident !== incident.alert.id) return;
    if ((await store.update(record, { ...current, ...outcomeOfPass(incident, now) })) !== null) return;
  }
  throw new PipelineError('conflict', `incident ${name} was written by others ${ATTEMPTS} times`, {
    nextStep: 'Nothing to do: the next pass writes it.',
    incidentId: incident.alert.id,
  });
}
