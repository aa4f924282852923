import type { Related } from '../incident/incidentLink';
import { type IncidentRecord, statusOf } from '../incident/incidentRecord';
import { type Subject, subjectText } from '../incident/subject';
import { brief } from '../text/sanitize';

/** How many related incidents an alert names, and for how long after its last event an incident is related. */
export const RELATED_LIMITS = { incidents: 8, rule: 120, hours: 1 } as const;

/** The other incidents of the last hour that may belong to the same attack: those of the same subject first, then the newest. */
export function relatedTo(
  { name, about }: { name: string; about: Subject },
  all: readonly IncidentRecord[],
  now: Date,
): Related[] {
  const since = new Date(now.getTime() - RELATED_LIMITS.hours * 3_600_000).toISOString();
  return all
    .filter((record) => record.metadata.name !== name && isNear(record, about) && statusOf(record).lastSeen >= since)
    .sort((one, other) => nearness(other, about) - nearness(one, about) || byLastSeen(other, one))
    .slice(0, RELATED_LIMITS.incidents)
    .map((record) => relatedOf(record, about));
}

function nearness({ spec: { subject } }: IncidentRecord, about: Subject): number {
  return isSame(subject, about) ? 1 : 0;
}

function byLastSeen(one: IncidentRecord, other: IncidentRecord): number {
  const [mine, theirs] = [statusOf(one).lastSeen, statusOf(other).lastSeen];
  return mine < theirs ? -1 : Number(mine > theirs);
}

function isNear({ spec: { subject } }: IncidentRecord, about: Subject): boolean {
  return isSame(subject, about) || (about.namespace !== null && subject.namespace === about.namespace);
}

function isSame(subject: IncidentRecord['spec']['subject'], about: Subject): boolean {
  return subject.kind === about.kind && (subject.namespace ?? null) === about.namespace && subject.name === about.name;
}

function relatedOf(record: IncidentRecord, about: Subject): Related {
  const { source, rule, subject } = record.spec;
  const { incident, priority, state, decision, count, firstSeen, lastSeen } = statusOf(record);
  return {
    incident,
    source,
    rule: brief(rule, RELATED_LIMITS.rule),
    priority,
    subject: subjectText({ ...subject, namespace: subject.namespace ?? null }),
    sameSubject: isSame(subject, about),
    state,
    ...(decision === undefined ? {} : { decision }),
    count,
    firstSeen,
    lastSeen,
  };
}
