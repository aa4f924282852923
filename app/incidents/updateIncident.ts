import { PipelineError } from '../../core/errors';
import { type IncidentStatus, statusOf } from '../../core/incident/incidentRecord';
import type { IncidentStore } from './ports';

/** Beyond so many lost races something else is wrong. */
const ATTEMPTS = 5;

/**
 * Changes an incident's status, whatever other workers write meanwhile. Null from `change` leaves it as it is.
 * @returns false when there is no such incident
 * @throws PipelineError `conflict` after too many lost races
 */
export async function updateIncident(
  store: Pick<IncidentStore, 'find' | 'update'>,
  name: string,
  change: (status: IncidentStatus) => IncidentStatus | null,
): Promise<boolean> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const record = await store.find(name);
    if (record === null) return false;
    const status = change(statusOf(record));
    if (status === null || (await store.update(record, unarchived(status))) !== null) return true;
  }
  throw new PipelineError('conflict', `incident ${name} was written by others ${ATTEMPTS} times`, {
    nextStep: 'Nothing to do: the next event or pass writes it.',
  });
}

/** What something is written to counts again, until it is quiet again. */
function unarchived(status: IncidentStatus): IncidentStatus {
  return status.archived === true ? { ...status, archived: false } : status;
}
