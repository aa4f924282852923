import type { Alert } from '../../core/incident/alert';
import type { IncidentStore } from './ports';
import { updateIncident } from './updateIncident';

/** Notes that a pass started nothing after all, so that the next event of its incident is no repeat. */
export async function markLost(store: Pick<IncidentStore, 'find' | 'update'>, { incident }: Alert): Promise<void> {
  if (incident === undefined) return;
  await updateIncident(store, incident.name, (status) => ({ ...status, state: 'Open', lost: true }));
}
