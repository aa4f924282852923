import type { Alert } from '../../core/incident/alert';
import { statusOf } from '../../core/incident/incidentRecord';
import type { IncidentStore } from './ports';

const ATTEMPTS = 5;

/** Notes that a pass started nothing after all, so that the next event of its incident is no repeat. */
export async function markLost(store: Pick<IncidentStore, 'find' | 'update'>, alert: Alert): Promise<void> {
  const name = alert.incident?.name;
  for (let attempt = 1; name !== undefined && attempt <= ATTEMPTS; attempt += 1) {
    const record = await store.find(name);
    if (record === null) return;
    if ((await store.update(record, { ...statusOf(record), state: 'Open', lost: true })) !== null) return;
  }
}
