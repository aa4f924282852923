import { FACT_LIMITS, factsOf } from '../alert/facts';
import type { Alert } from '../incident/alert';
import { type Delivery, type IncidentStatus, RECORD_LIMITS, type Sample, type Tally } from '../incident/incidentRecord';
import { subjectText } from '../incident/subject';
import { brief } from '../text/sanitize';
import { mergedDeliveries, withDeliveries } from './deliveries';

/** Events of an incident that were counted and are not written down yet. */
export interface Repeats {
  count: number;
  /** ISO 8601; when the last one was received. */
  lastSeen: string;
  samples: readonly Sample[];
  /** Only of a storm. */
  tallies: readonly Tally[];
  /** Only of a sender that repeats its deliveries. */
  deliveries?: readonly Delivery[];
}

/** Events that are alike as repeats of their incident. */
export function repeatsOf(alert: Alert, count: number): Repeats {
  return { count, lastSeen: alert.receivedAt, samples: samplesOf(alert), tallies: [] };
}

/** Events that are alike as part of a storm. */
export function stormEvents(alert: Alert, count: number): Repeats {
  return { count, lastSeen: alert.receivedAt, samples: [], tallies: [tallyOf(alert, count)] };
}

function tallyOf({ rule, subject }: Alert, count: number): Tally {
  return {
    rule: brief(rule, RECORD_LIMITS.value),
    subject: brief(subjectText(subject), RECORD_LIMITS.value),
    count,
  };
}

/** The status of a storm with one event's tally on top; the event itself was counted by its pass. */
export function tallied(status: IncidentStatus, alert: Alert): IncidentStatus {
  return { ...status, tallies: mergedTallies(status.tallies ?? [], [tallyOf(alert, 1)]) };
}

/** Two lists of tallies as one, the largest first. What finds no room is in the storm's count alone. */
function mergedTallies(some: readonly Tally[], others: readonly Tally[]): Tally[] {
  const merged = some.map((tally) => ({ ...tally }));
  for (const { rule, subject, count } of others) {
    const known = merged.find((tally) => tally.rule === rule && tally.subject === subject);
    if (known !== undefined) known.count += count;
    else if (merged.length < RECORD_LIMITS.tallies) merged.push({ rule, subject, count });
  }
  return merged.sort((one, other) => other.count - one.count);
}

/** The facts of an event that may differ between events of one incident. */
export function samplesOf(alert: Alert): Sample[] {
  return factsOf(alert)
    .filter(({ name }) => name !== 'Alert' && name !== 'Seen by' && name !== 'Reported by')
    .slice(0, FACT_LIMITS.facts)
    .map(({ name, value }) => ({ name, values: [brief(value, RECORD_LIMITS.value)] }));
}

/** Two lists of samples as one: a few values of a few facts, the first ones seen. */
export function mergedSamples(some: readonly Sample[], others: readonly Sample[]): Sample[] {
  const merged = some.map(({ name, values }) => ({ name, values: [...values] }));
  for (const { name, values } of others) {
    const known = merged.find((sample) => sample.name === name);
    if (known !== undefined) {
      for (const value of values)
        if (known.values.length < RECORD_LIMITS.values && !known.values.includes(value)) known.values.push(value);
    } else if (merged.length < RECORD_LIMITS.samples) merged.push({ name, values: [...values] });
  }
  return merged;
}

/** Repeats on top of repeats. */
export function mergedRepeats(some: Repeats | undefined, others: Repeats): Repeats {
  if (some === undefined) return others;
  return {
    count: some.count + others.count,
    lastSeen: later(some.lastSeen, others.lastSeen),
    samples: mergedSamples(some.samples, others.samples),
    tallies: mergedTallies(some.tallies, others.tallies),
    deliveries: mergedDeliveries(some.deliveries, others.deliveries),
  };
}

/** An incident's status with repeats on top. */
export function withRepeats(status: IncidentStatus, repeats: Repeats | undefined): IncidentStatus {
  if (repeats === undefined) return status;
  return {
    ...withDeliveries(status, repeats.deliveries),
    count: status.count + repeats.count,
    lastSeen: later(status.lastSeen, repeats.lastSeen),
    samples: mergedSamples(status.samples, repeats.samples),
    ...(repeats.tallies.length === 0 ? {} : { tallies: mergedTallies(status.tallies ?? [], repeats.tallies) }),
  };
}

const later = (one: string, other: string): string => (one > other ? one : other);
