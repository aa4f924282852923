import { passKey } from '../../core/folding/unfinished';
import { relatedTo } from '../../core/folding/related';
import type { Novelty } from '../../core/folding/fold';
import type { Alert } from '../../core/incident/alert';
import type { IncidentRecord, IncidentStatus } from '../../core/incident/incidentRecord';
import type { Subject } from '../../core/incident/subject';

/** An incident that an alert belongs to. */
export interface Membership {
  name: string;
  about: Subject;
  /** Before and after the alert. */
  before: IncidentStatus | null;
  after: IncidentStatus;
  /** Whose matches the incident has, if they are an exception's. */
  exception?: string | null;
}

/** The alert as it starts the workflow: with its incident's id, what this pass may cost, and the related incidents. */
export function linked(
  alert: Alert,
  { name, about, before, after, exception }: Membership,
  { why, bound }: Novelty,
  all: readonly IncidentRecord[],
  now: Date,
): Alert {
  // The end of an incident costs nothing.
  const pass = why === 'resolved' ? undefined : after.passes.at(-1);
  const isOpened = before === null || after.opening !== before.opening;
  // What its last opening came to was reported if it was archived.
  const ended = isOpened && before?.archived !== true ? before : null;
  const counted = isOpened ? (ended?.counted ?? 0) - (ended?.count ?? 0) : before.counted;
  return {
    ...alert,
    id: after.incident,
    incident: {
      name,
      key: passKey(after, after.incident),
      why,
      ...(pass === undefined ? {} : { at: pass.at }),
      pass: after.passed,
      count: after.count,
      repeats: after.count - 1 - counted,
      ...(ended === null ? {} : { endedEvents: ended.count }),
      firstSeen: after.firstSeen,
      model: pass?.model ?? false,
      notify: pass?.notify ?? false,
      bound,
      ...(exception == null ? {} : { exception }),
    },
    related: relatedTo({ name, about }, all, now),
  };
}
