import { STARTS } from '../folding/unfinished';
import type { Alert } from '../incident/alert';
import { type Fact, factsOf } from '../alert/facts';
import { subjectText } from '../incident/subject';
import { brief } from '../text/sanitize';
import type { DecisionRecord } from '../incident/decision';
import { JOB, NAMESPACES, SERVICE_ACCOUNT } from '../names';
import type { ActionResponse } from '../incident/response';
import { minutes, rateOf } from './times';

/** Kubernetes refuses event messages of more than 1024 bytes. */
const MESSAGE_BYTES = 1024;

/** What an Event is about. A pod's Event must be in the pod's namespace; the API server refuses any other. */
export interface EventSubject {
  namespace: string;
  kind: 'Pod' | 'ServiceAccount';
  name: string;
  uid: string | undefined;
}

/** The alert's pod, if the alert names one. */
export function podSubject({ target }: Alert): EventSubject | null {
  if (target === null) return null;
  return { namespace: target.namespace, kind: 'Pod', name: target.pod, uid: target.podUid ?? undefined };
}

/**
 * The responder itself: the subject for Events about no pod, or about a pod whose namespace gave the responder no
 * rights.
 */
export const RESPONDER_SUBJECT: EventSubject = {
  namespace: NAMESPACES.responder,
  kind: 'ServiceAccount',
  name: SERVICE_ACCOUNT,
  uid: undefined,
};

/** A Kubernetes Event (core/v1) that shows an incident's outcome in `kubectl describe` of its subject. */
export function incidentEvent(subject: EventSubject, reason: string, message: string, now: Date) {
  return {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { generateName: `${JOB}-`, namespace: subject.namespace },
    involvedObject: {
      apiVersion: 'v1',
      kind: subject.kind,
      namespace: subject.namespace,
      name: subject.name,
      uid: subject.uid,
    },
    type: 'Warning',
    reason,
    message: cutToBytes(message, MESSAGE_BYTES),
    source: { component: JOB },
    reportingComponent: JOB,
    reportingInstance: SERVICE_ACCOUNT,
    firstTimestamp: now,
    lastTimestamp: now,
    count: 1,
  };
}

/** Limits of rule and reason, so that they leave room for the facts. */
const [RULE, WHY] = [200, 400];
/** UTF-16 units of the whole message: chats accept it, and an Event cuts it further. */
export const LONGEST_ESCALATION = 2800;

/**
 * An escalated incident on one line, for Kubernetes Events and chats: what happened, to what, why, and as many of the
 * facts for a person's decision as fit.
 */
export function escalationMessage(
  alert: Alert,
  decision: DecisionRecord | undefined,
  response: ActionResponse | undefined,
): string {
  const why =
    response !== undefined && response.outcome !== 'done'
      ? `${response.action} ${response.outcome}: ${response.reason}`
      : (decision?.reason ?? neverEnded(alert) ?? 'No decision was made.');
  const first = `Incident ${alert.id} needs a person: "${brief(alert.rule, RULE)}" (${alert.priority}) on ${subjectText(alert.subject)}. ${sentence(brief(why, WHY))}`;
  const facts = factLines([...countFacts(alert), ...factsOf(alert)], LONGEST_ESCALATION - first.length);
  return [first, ...facts.map(sentence)].join(' ');
}

/** Why nothing was decided about an alert that was started as often as it may be; null for any other. */
export function neverEnded({ late }: Alert): string | null {
  if (late?.why !== 'unfinished' || late.tries < STARTS.most) return null;
  return `Its analysis was started ${late.tries} times and never ended: look at n8n's executions, and decide by hand.`;
}

/** How often it happened, where it did more than once, and what may belong to it. */
function countFacts({ incident, related = [], receivedAt }: Alert): Fact[] {
  const [first] = related;
  return [
    ...(incident === undefined || incident.count === 1
      ? []
      : [
          {
            name: 'Events',
            value: [
              `${incident.count} since ${minutes(incident.firstSeen)}`,
              rateOf(incident.count, incident.firstSeen, receivedAt),
            ]
              .filter((part) => part !== '')
              .join(', '),
          },
        ]),
    ...(first === undefined
      ? []
      : [
          {
            name: 'Related incidents',
            value: `${related.length}, first ${first.rule} (${first.priority}) on ${first.subject}`,
          },
        ]),
  ];
}

/** As many facts as fit, from the first on, each as "Name: value". */
export function factLines(facts: readonly Fact[], room: number): string[] {
  const lines = facts.map(({ name, value }) => `${name}: ${value}`);
  let left = room;
  // Each with its separator to the next.
  const end = lines.findIndex((line) => (left -= line.length + 2) < 0);
  return end === -1 ? lines : lines.slice(0, end);
}

function sentence(text: string): string {
  return /[.!?…]$/.test(text) ? text : `${text}.`;
}

/** One sentence about what was done to a pod, for its Event. */
export function actionMessage({ id, rule }: Alert, { outcome, reason, contained, gaps }: ActionResponse): string {
  const open = contained === 'partial' ? ` Still open: ${gaps.join('; ')}.` : '';
  return `Incident ${id} ("${rule}"): ${outcome}, ${reason}.${open}`;
}

function cutToBytes(text: string, limit: number): string {
  const bytes = Buffer.from(text, 'utf8');
  if (bytes.length <= limit) return text;
  // A character that was cut in half decodes to U+FFFD, which is removed.
  return bytes
    .subarray(0, limit - 3)
    .toString('utf8')
    .replace(/\uFFFD+$/u, '')
    .concat('…');
}
