import { type Delivery, type IncidentStatus, RECORD_LIMITS } from '../incident/incidentRecord';

/**
 * The delivery that an incident has heard of, or null. A sender that repeats one has it answered as the first time, in
 * whichever process it arrives.
 * @param keys what the attempts of one delivery have in common: one of them is enough
 */
export function knownDelivery(
  { deliveries = [] }: Pick<IncidentStatus, 'deliveries'>,
  keys: readonly string[],
): Delivery | null {
  return deliveries.find((delivery) => delivery.keys.some((key) => keys.includes(key))) ?? null;
}

/** An incident's status with the deliveries that it has heard of since; the oldest are forgotten. */
export function withDeliveries(status: IncidentStatus, since: readonly Delivery[] = []): IncidentStatus {
  return since.length === 0 ? status : { ...status, deliveries: mergedDeliveries(status.deliveries, since) };
}

/** An incident's status without a delivery that started nothing after all: its next attempt has to count. */
export function withoutDelivery(status: IncidentStatus, keys: readonly string[]): IncidentStatus {
  const known = knownDelivery(status, keys);
  return known === null
    ? status
    : { ...status, deliveries: status.deliveries?.filter((delivery) => delivery !== known) };
}

/** Two lists as one, as far as there is room. */
export function mergedDeliveries(some: readonly Delivery[] = [], others: readonly Delivery[] = []): Delivery[] {
  const unknown = others.filter(({ keys }) => knownDelivery({ deliveries: [...some] }, keys) === null);
  return [...some, ...unknown].slice(-RECORD_LIMITS.deliveries);
}
