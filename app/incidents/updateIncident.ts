import { type IncidentStatus, statusOf } from '../../core/incident/incidentRecord';
import { untilFirst } from '../untilFirst';
import type { IncidentStore } from './ports';

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
  return untilFirst(
    { what: `incident ${name}`, nextStep: 'Nothing to do: the next event or pass writes it.' },
    async () => {
      const record = await store.find(name);
      if (record === null) return false;
      const status = change(statusOf(record));
      return status === null || (await store.update(record, unarchived(status))) !== null ? true : null;
    },
  );
}

/** What something is written to counts again, until it is quiet again. */
function unarchived(status: IncidentStatus): IncidentStatus {
  return status.archived === true ? { ...status, archived: false } : status;
}
