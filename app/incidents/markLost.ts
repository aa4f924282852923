import { withoutDelivery } from '../../core/folding/deliveries';
import type { Alert } from '../../core/incident/alert';
import type { IncidentStore } from './ports';
import { updateIncident } from './updateIncident';

/**
 * Notes that a pass started nothing after all, so that the next event of its incident is no repeat.
 * @param delivery the keys of the delivery that brought it, if its sender repeats them
 */
export async function markLost(
  store: Pick<IncidentStore, 'find' | 'update'>,
  { incident }: Alert,
  delivery: readonly string[] = [],
): Promise<void> {
  if (incident === undefined) return;
  await updateIncident(store, incident.name, (status) => ({
    ...withoutDelivery(status, delivery),
    state: 'Open',
    lost: true,
  }));
}
