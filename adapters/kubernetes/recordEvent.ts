import { PipelineError } from '../../core/errors';
import {
  escalationMessage,
  type EventSubject,
  incidentEvent,
  podSubject,
  RESPONDER_SUBJECT,
} from '../../core/response/event';
import type { Escalation } from '../../core/response/response';
import type { Incident } from '../../core/telemetry/incident';
import type { KubernetesClient } from './client';
import { calling } from './errors';
import type { Right } from './rights';

/** In the pod's namespace and in the responder's own. */
export const RECORD_EVENT_RIGHTS: readonly Right[] = [{ apiGroup: '', resource: 'events', verb: 'create' }];

/** Shown in the REASON column of `kubectl get events`. */
const REASON = 'IncidentEscalated';

/**
 * Leaves a Kubernetes Event on the incident's pod; where the responder has no rights or there is no such namespace, on
 * the responder's own ServiceAccount, so that there always is one.
 */
export async function recordEvent(client: KubernetesClient, incident: Incident, now: Date): Promise<Escalation> {
  const { alert, context, decision, response } = incident;
  const message = escalationMessage(alert, decision, response);
  const subject = podSubject(alert);
  const uid = context?.status === 'found' ? context.pod.uid : subject?.uid;
  const subjects = [...(subject === null ? [] : [{ ...subject, uid }]), RESPONDER_SUBJECT];
  return record(client, subjects, REASON, message, now);
}

/** Leaves an Event on the responder for an execution that failed, whose item n8n does not hand over. */
export async function recordFailureEvent(client: KubernetesClient, message: string, now: Date): Promise<Escalation> {
  return record(client, [RESPONDER_SUBJECT], 'PipelineFailed', message, now);
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
  return calling({ what: `create an event in namespace ${subject.namespace}`, server: client.server }, () =>
    client.core.createNamespacedEvent({
      namespace: subject.namespace,
      body: incidentEvent(subject, reason, message, now),
    }),
  );
}
