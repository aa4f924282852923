import type { Alert } from '../alert/alert';
import type { DecisionRecord } from '../decision/decision';
import { JOB, NAMESPACES, SERVICE_ACCOUNT } from '../names';
import type { Action, ActionResponse } from './response';

/** Kubernetes refuses event messages of more than 1024 bytes. */
const MESSAGE_BYTES = 1024;

/** What an Event is about. A pod's Event must lie in the pod's namespace; the API server refuses any other. */
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

/** The responder itself: the place for what belongs to no pod, or to one whose namespace gave the responder no rights. */
export const RESPONDER_SUBJECT: EventSubject = {
  namespace: NAMESPACES.responder,
  kind: 'ServiceAccount',
  name: SERVICE_ACCOUNT,
  uid: undefined,
};

/** A Kubernetes Event (core/v1) that tells whoever describes the subject what became of an incident. */
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

/** One sentence on an escalated incident for Kubernetes Events: what, where, why, and where to read more. */
export function escalationMessage(
  alert: Alert,
  decision: DecisionRecord | undefined,
  response: ActionResponse | undefined,
): string {
  const where = alert.target === null ? 'an unknown target' : `${alert.target.namespace}/${alert.target.pod}`;
  const why =
    response !== undefined && response.outcome !== 'done'
      ? `${response.action} ${response.outcome}: ${response.reason}`
      : decision?.reason;
  return `Incident ${alert.id} needs a person: "${alert.rule}" (${alert.priority}) on ${where}. ${why ?? 'No decision was made.'}`;
}

/** Shown in the REASON column of `kubectl get events`, by action. */
export const ACTION_REASONS: Readonly<Record<Action, string>> = {
  quarantine_pod: 'Quarantined',
  release_pod: 'Released',
  delete_pod: 'DeletedByPipeline',
  evict_pod: 'EvictedByPipeline',
};

/** One sentence on what was done to a pod, for whoever describes it. */
export function actionMessage({ id, rule }: Alert, { outcome, reason, contained, openings }: ActionResponse): string {
  const open = contained === 'partial' ? ` Still open: ${openings.join('; ')}.` : '';
  return `Incident ${id} ("${rule}"): ${outcome}, ${reason}.${open}`;
}

function cutToBytes(text: string, limit: number): string {
  const bytes = Buffer.from(text, 'utf8');
  if (bytes.length <= limit) return text;
  // A character cut in half decodes to U+FFFD, which is dropped.
  return bytes
    .subarray(0, limit - 3)
    .toString('utf8')
    .replace(/\uFFFD+$/u, '')
    .concat('…');
}
