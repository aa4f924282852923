import { knownDelivery } from '../../core/folding/deliveries';
import { isLost } from '../../core/folding/fold';
import type { Delivery, IncidentStatus } from '../../core/incident/incidentRecord';

/**
 * An alert's delivery as its incident had it answered before, here or in another process; null for a new one. Null also where
 * the analysis that it started was lost, so that its next attempt starts it again.
 */
export function answeredBefore(
  before: IncidentStatus | null,
  keys: readonly string[] | undefined,
  now: Date,
  lostMs: number,
): Delivery | null {
  const known = before === null || keys === undefined ? null : knownDelivery(before, keys);
  if (before === null || known === null) return null;
  return known.incident === before.incident && isLost(before, now, lostMs) ? null : known;
}

/** What an incident keeps of a delivery; nothing of a sender that does not repeat them. */
export function heard(keys: readonly string[] | undefined, answer: Omit<Delivery, 'keys'>): Delivery[] {
  return keys === undefined ? [] : [{ keys: [...keys], ...answer }];
}
