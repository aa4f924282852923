import type { Alert } from '../incident/alert';
import type { Finding } from '../incident/finding';
import { isUuid } from '../sources/fields';
import { LIMITS, TEXT_LIMITS } from '../sources/limits';
import { hash } from './identity';

const POD_UID = 'k8s.pod.uid';
const TIME = 'evt.time';

/** The finding of an event with Falco's fields, or null if it does not name a rule and a pod's uid. */
export function findingOf(rule: unknown, fields: Readonly<Record<string, unknown>>): Finding | null {
  const uid = fields[POD_UID];
  if (typeof rule !== 'string' || rule === '' || typeof uid !== 'string' || !isUuid(uid)) return null;
  return { key: hash(['finding', rule, uid]), event: eventOf(rule, fields) };
}

/** The finding of an alert that its source does not say more of: the incident itself. */
export function ownFinding(source: string, id: string): Finding {
  const own = hash(['incident', source, id]);
  return { key: own, event: own };
}

/**
 * The finding that an incident's alert reports. Null for PagerDuty's own incidents whose alerts do not say it. A person who opens an incident again wants more than the result that there is.
 */
export function reportedFinding({ id, source, finding, fields }: Alert): Finding | null {
  if (source !== 'pagerduty') return finding ?? ownFinding(source, id);
  if (finding === undefined) return null;
  return fields['event.type'] === 'incident.reopened' ? { ...finding, event: null } : finding;
}

/** Falco's own fields have a dot in their names; what deployments and senders add to them has none. */
function eventOf(rule: string, fields: Readonly<Record<string, unknown>>): string | null {
  const facts: string[] = [];
  let room: number = TEXT_LIMITS.alert;
  for (const name in fields) {
    if (!name.includes('.') || !Object.hasOwn(fields, name) || isMissing(fields[name])) continue;
    const fact = factOf(fields[name]);
    room -= name.length + (fact?.length ?? 0);
    if (fact === null || room < 0 || facts.length === LIMITS.fields) return null;
    facts.push(JSON.stringify([name, fact]));
  }
  // Without its time one event of a rule in a pod looks like the next.
  return isMissing(fields[TIME]) ? null : hash(['event', rule, ...facts.sort()]);
}

function isMissing(value: unknown): boolean {
  return value === null || value === undefined || value === '' || value === '<NA>';
}

/** Falco counts nanoseconds, which JSON libraries keep as digits or round to a double: rounded, both are the same. */
function factOf(value: unknown): string | null {
  if (typeof value === 'string') return /^-?\d{16,20}$/.test(value) ? String(Number(value)) : value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : null;
}
