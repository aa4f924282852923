import type { Alert } from '../incident/alert';
import { type IncidentRecord, RECORD_LIMITS, statusOf } from '../incident/incidentRecord';
import { isMoreSevere } from '../incident/priority';
import { subjectText } from '../incident/subject';
import { brief } from '../text/sanitize';
import { type About, isStorm, podKey, stormName } from './key';

/**
 * By how much the clock of Falco's node may be ahead of n8n's. Within it a repeat of the same pod counts as heard too, which
 * costs a count.
 */
export const SKEW_MS = 10_000;

/**
 * Whether n8n has heard of an event: an incident of its rule, about its subject or its pod, had an event then or later, of its
 * priority or a higher one, and of its pod; or a storm counted it.
 * @param name its incident's; the incident of an exception has another
 */
export function isKnown(alert: Alert, about: About, name: string, all: readonly IncidentRecord[]): boolean {
  return all.some((record) =>
    isStorm(record) ? isCounted(alert, record) : isIncidentOf(alert, about, name, record) && hasHeard(alert, record),
  );
}

/** The pod may be gone, and its workload cannot be found then. */
function isIncidentOf(alert: Alert, about: About, name: string, { metadata, spec, status }: IncidentRecord): boolean {
  if (metadata.name === name) return true;
  if (spec.source !== alert.source || spec.rule !== alert.rule) return false;
  const pod = podKey(alert);
  return statusOf({ spec, status }).pods.includes(pod) || isSubject(about, spec.subject);
}

function isSubject({ kind, namespace, name }: About, subject: IncidentRecord['spec']['subject']): boolean {
  return subject.kind === kind && (subject.namespace ?? null) === namespace && subject.name === name;
}

function hasHeard(alert: Alert, record: IncidentRecord): boolean {
  const { lastSeen, priority, pods } = statusOf(record);
  const pod = podKey(alert);
  return (
    isSince(lastSeen, alert) &&
    !isMoreSevere(alert.priority, priority) &&
    // A full list has forgotten pods.
    (pod === '' || pods.includes(pod) || pods.length >= RECORD_LIMITS.pods)
  );
}

function isCounted(alert: Alert, record: IncidentRecord): boolean {
  const { firstSeen, lastSeen, tallies = [] } = statusOf(record);
  const namespace = alert.target?.namespace ?? null;
  const origin = alert.target === null ? 'other' : 'pod';
  const origins = [origin, 'report'] as const;
  const isItsStorm = origins.some((one) =>
    [stormName(namespace, one), stormName(null, one)].includes(record.metadata.name),
  );
  if (!isItsStorm || !isSince(lastSeen, alert)) return false;
  if (Date.parse(firstSeen) - SKEW_MS > Date.parse(alert.time)) return false;
  const rule = brief(alert.rule, RECORD_LIMITS.value);
  const subject = brief(subjectText(alert.subject), RECORD_LIMITS.value);
  return (
    tallies.length >= RECORD_LIMITS.tallies || tallies.some((tally) => tally.rule === rule && tally.subject === subject)
  );
}

function isSince(lastSeen: string, { time }: Alert): boolean {
  return Date.parse(lastSeen) + SKEW_MS >= Date.parse(time);
}
