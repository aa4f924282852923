import { normaliseAlerts } from '../../core/alert/normalise.js';
import type { Alert } from '../../core/incident/alert.js';
import type { AlertSource } from '../../core/incident/alertSource.js';
import type { Related } from '../../core/incident/incidentLink.js';
import { subjectText } from '../../core/incident/subject.js';
import type { Sender } from '../../core/sources/senders.js';
import type { Case } from '../case.js';
import type { NamedCase } from '../readCases.js';

/** The trigger that a source's alerts come by. */
const TRIGGERS: Partial<Record<AlertSource, Sender>> = { falco: 'falcosidekick', pagerduty: 'pagerDuty' };

/** An alert is received so long after it was sent, milliseconds. */
const WAY_MS = 1_000;
/** When an alert is received that has no time of its own. */
const UNTIMED = new Date('2026-11-28T12:00:00Z');

/**
 * Reads a body as the trigger of its source does, a second after it was sent: what a model reads must be the same in each
 * run, so that its answer is known again.
 * @throws PipelineError if it is no alert of that trigger's
 */
export function receive(body: unknown, source: AlertSource): Alert | null {
  const trigger = TRIGGERS[source] ?? 'reports';
  const [first] = normaliseAlerts(body, UNTIMED, trigger).alerts;
  if (first === undefined) return null;
  const [alert = first] = normaliseAlerts(body, new Date(new Date(first.time).getTime() + WAY_MS), trigger).alerts;
  return alert;
}

/**
 * The first alert of a case, with the other incidents that its trigger would have named beside it.
 * @throws Error if its sender's trigger makes no alert of it
 */
export function buildAlert({ about, body }: Pick<NamedCase, 'about' | 'body'>): Alert {
  const alert = receive(body, about.sender);
  if (alert === null) throw new Error('alert.json is read as no alert');
  if (alert.source !== about.sender) throw new Error(`alert.json is read as one of ${alert.source}`);
  const related = about.related.map((other, index) => relatedOf(alert, other, index));
  return related.length === 0 ? alert : { ...alert, related };
}

function relatedOf(alert: Alert, other: Case['related'][number], index: number): Related {
  const seen = new Date(new Date(alert.time).getTime() - other.minutesBefore * 60_000).toISOString();
  const { subject } = alert;
  return {
    incident: `related-${index + 1}`,
    source: 'falco',
    rule: other.rule,
    priority: other.priority,
    subject: subjectText(other.sameSubject ? subject : { ...subject, name: `${subject.name}-neighbour` }),
    sameSubject: other.sameSubject,
    state: 'Open',
    count: 1,
    firstSeen: seen,
    lastSeen: seen,
  };
}
