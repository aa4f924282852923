/** The bodies of V3 webhooks, after PagerDuty/developer-docs: docs/webhooks/01-Overview.md. */
import { randomUUID } from 'node:crypto';
import type { Account } from './account.js';
import type { Incident, Note } from './model.js';
import { lookUp, type Reference, reference, webOf, API } from './references.js';

export type EventType =
  | 'incident.triggered'
  | 'incident.acknowledged'
  | 'incident.reassigned'
  | 'incident.delegated'
  | 'incident.priority_updated'
  | 'incident.resolved'
  | 'incident.reopened'
  | 'incident.annotated'
  | 'pagey.ping';

export interface WebhookBody {
  event: {
    id: string;
    event_type: EventType;
    resource_type: 'incident' | 'pagey';
    occurred_at: string;
    agent: Reference | { id: string; type: string } | null;
    client: null;
    data: unknown;
  };
}

export function webhookBody(event_type: EventType, agent: Reference | null, data: unknown, at: Date): WebhookBody {
  const resource_type = event_type === 'pagey.ping' ? 'pagey' : 'incident';
  return {
    event: {
      id: randomUUID(),
      event_type,
      resource_type,
      occurred_at: at.toISOString(),
      agent: agent ?? (event_type === 'pagey.ping' ? { id: 'PVE0ZR9', type: 'user_reference' } : null),
      client: null,
      data,
    },
  };
}

export const PING = { message: 'Hello from your friend Pagey!', type: 'ping' };

/** An incident as it is now. It says nothing of its alerts. */
export function incidentData(account: Account, incident: Incident) {
  const { id, number, status, key, title, service, urgency } = incident;
  return {
    id,
    type: 'incident',
    self: `${API}/incidents/${id}`,
    html_url: `${webOf(account)}/incidents/${id}`,
    number,
    status,
    incident_key: key,
    created_at: seconds(incident.createdAt),
    title,
    service: reference(account, 'service', service),
    assignees: incident.assignments.map(({ assignee }) => assignee),
    escalation_policy: incident.escalationPolicy,
    teams: service.teams.flatMap((team) => lookUp(account, 'team', team) ?? []),
    priority: incident.priority,
    urgency,
    conference_bridge: null,
    resolve_reason: null,
  };
}

export function noteData(account: Account, { id, title }: Incident, note: Note) {
  return {
    incident: reference(account, 'incident', { id, name: title }),
    id: note.id,
    content: note.content,
    trimmed: false,
    type: 'incident_note',
  };
}

/** PagerDuty gives times of its records without fractions. */
export const seconds = (at: Date): string => `${at.toISOString().slice(0, 19)}Z`;
