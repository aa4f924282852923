import { ACTION_FACTS } from '../../../core/incident/actions';
import { PipelineError } from '../../../core/errors';
import {
  actionMessage,
  escalationMessage,
  type EventSubject,
  incidentEvent,
  podSubject,
  RESPONDER_SUBJECT,
} from '../../../core/response/event';
import type { ActionResponse, Escalation } from '../../../core/incident/response';
import { taskMessage } from '../../../core/remediation/note';
import type { Incident } from '../../../core/incident/incident';
import type { Notice } from '../../../app/ports';
import type { KubernetesClient } from '../api/client';
import { apiCall } from '../api/errors';
import type { Right } from '../api/rights';

/** In the pod's namespace and in the responder's own. */
export const RECORD_EVENT_RIGHTS: readonly Right[] = [{ apiGroup: '', resource: 'events', verb: 'create' }];

/** Shown in the REASON column of `kubectl get events`. */
const REASON = 'IncidentEscalated';

/**
 * Leaves a Kubernetes Event on the incident's pod; where the responder has no rights or there is no such namespace, on
 * the responder's own ServiceAccount, so that there always is one.
 */
export async function recordEscalation(client: KubernetesClient, incident: Incident, now: Date): Promise<Escalation> {
  const { alert, context, decision, response, task } = incident;
  const message = task === undefined ? escalationMessage(alert, decision, response) : taskMessage(alert, task);
  const subject = podSubject(alert);
  const uid = context?.status === 'found' ? context.pod.uid : subject?.uid;
  const subjects = [...(subject === null ? [] : [{ ...subject, uid }]), RESPONDER_SUBJECT];
  return record(client, subjects, REASON, message, now);
}

/** Leaves an Event on the responder for an execution that failed, whose item n8n does not hand over. */
export async function recordFailure(client: KubernetesClient, message: string, now: Date): Promise<Escalation> {
  return record(client, [RESPONDER_SUBJECT], 'PipelineFailed', message, now);
}

/** Leaves an Event on the pod that an action changed. Returns why there is none, or null. */
export async function recordAction(
  client: KubernetesClient,
  { alert }: Incident,
  response: ActionResponse,
  now: Date,
): Promise<string | null> {
  const subject = podSubject(alert);
  if (subject === null) return 'the alert names no pod';
  const on = { ...subject, uid: response.target?.uid ?? subject.uid };
  const { event, problem } = await record(
    client,
    [on],
    ACTION_FACTS[response.action].eventReason,
    actionMessage(alert, response),
    now,
  );
  return event === null ? problem : null;
}

/** Leaves an Event on the responder, once. */
export async function recordOnce(
  client: KubernetesClient,
  { reason, name, message }: Notice,
  now: Date,
): Promise<void> {
  const { namespace } = RESPONDER_SUBJECT;
  const body = { ...incidentEvent(RESPONDER_SUBJECT, reason, message, now), metadata: { namespace, name } };
  try {
    await apiCall({ what: `create an event in namespace ${namespace}`, server: client.server }, () =>
      client.core.createNamespacedEvent({ namespace, body }),
    );
  } catch (error) {
    // The Event exists already, or cannot be created; the item's own path through the workflow reports that.
    if (!(error instanceof PipelineError)) throw error;
  }
}

async function record(
  client: KubernetesClient,
  subjects: EventSubject[],
  reason: string,
  message: string,
  now: Date,
): Promise<Escalation> {
  const problems: string[] = [];
  for (const subject of subjects) {
    try {
      const { metadata } = await create(client, subject, reason, message, now);
      const event = { namespace: subject.namespace, name: metadata.name ?? '' };
      return {
        message,
        event,
        problem: problems.length === 0 ? null : problems.join('; '),
        recordedAt: now.toISOString(),
      };
    } catch (error) {
      if (!(error instanceof PipelineError)) throw error;
      problems.push(error.message);
    }
  }
  return { message, event: null, problem: problems.join('; '), recordedAt: now.toISOString() };
}

async function create(client: KubernetesClient, subject: EventSubject, reason: string, message: string, now: Date) {
  return apiCall({ what: `create an event in namespace ${subject.namespace}`, server: client.server }, () =>
    client.core.createNamespacedEvent({
      namespace: subject.namespace,
      body: incidentEvent(subject, reason, message, now),
    }),
  );
}
