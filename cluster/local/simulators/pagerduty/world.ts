import type { Account, Webhook } from './account.js';
import type { Deliveries } from './delivery.js';
import type { Incident } from './model.js';
import type { Reference } from './references.js';
import type { Store } from './store.js';
import { type EventType, incidentData, webhookBody } from './webhookBody.js';

/** All that the simulator's parts share. */
export interface World {
  account: Account;
  store: Store;
  deliveries: Deliveries;
  now: () => Date;
}

/** Tells every subscriber what happened to an incident, as it is now unless other data is given. */
export function publish(
  { account, deliveries, now }: World,
  type: EventType,
  incident: Incident,
  agent: Reference,
  data: unknown = incidentData(account, incident),
): void {
  const body = webhookBody(type, agent, data, now());
  account.webhooks.forEach((webhook: Webhook) => {
    deliveries.post(webhook, body, incident.id);
  });
}
