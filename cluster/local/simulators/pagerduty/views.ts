/** The REST API's JSON, after the schemas of PagerDuty/api-schema: reference/REST/openapiv3.json. */
import type { Account, Service, User } from './account.js';
import type { Alert, Incident, Note } from './model.js';
import { API, lookUp, reference, webOf } from './references.js';
import { seconds } from './webhookBody.js';

export function incidentView(account: Account, incident: Incident, alerts: Alert[]) {
  const { id, number, title, status, urgency, key, lastChange } = incident;
  const triggered = alerts.filter((alert) => alert.status === 'triggered').length;
  return {
    ...reference(account, 'incident', { id, name: `[#${number}] ${title}` }),
    type: 'incident',
    incident_number: number,
    title,
    description: title,
    created_at: seconds(incident.createdAt),
    updated_at: seconds(lastChange.at),
    status,
    incident_key: key,
    service: reference(account, 'service', incident.service),
    assignments: incident.assignments.map(({ at, assignee }) => ({ at: seconds(at), assignee })),
    assigned_via: incident.assignedVia,
    acknowledgements: incident.acknowledgements.map(({ at, acknowledger }) => ({ at: seconds(at), acknowledger })),
    last_status_change_at: seconds(lastChange.at),
    last_status_change_by: lastChange.by,
    escalation_policy: incident.escalationPolicy,
    teams: incident.service.teams.flatMap((team) => lookUp(account, 'team', team) ?? []),
    priority: incident.priority,
    urgency,
    resolve_reason: null,
    alert_counts: { all: alerts.length, triggered, resolved: alerts.length - triggered },
    pending_actions: [],
    alert_grouping: null,
  };
}

export function alertView(account: Account, incident: Incident, alert: Alert) {
  const { id, key, status, event } = alert;
  const { summary, severity } = event.payload;
  return {
    id,
    type: 'alert',
    summary,
    self: `${API}/incidents/${incident.id}/alerts/${id}`,
    html_url: `${webOf(account)}/alerts/${id}`,
    created_at: seconds(alert.createdAt),
    status,
    alert_key: key,
    suppressed: false,
    severity,
    service: reference(account, 'service', incident.service),
    incident: reference(account, 'incident', { id: incident.id, name: `[#${incident.number}] ${incident.title}` }),
    integration: {
      ...reference(account, 'service', incident.service),
      type: 'events_api_v2_inbound_integration_reference',
      summary: 'Events API V2',
    },
    body: alertBody(alert),
  };
}

/** `details` is what the sender put into custom_details; `cef_details` is the same event in PD-CEF's names. */
function alertBody({ key, event }: Alert) {
  const { payload, client, client_url, links, images } = event;
  const details = payload.custom_details ?? {};
  const contexts = [
    ...links.map((link) => ({ type: 'link', ...link })),
    ...images.map((image) => ({ type: 'image', ...image })),
  ];
  return {
    type: 'alert_body',
    contexts,
    details,
    cef_details: {
      client,
      client_url,
      contexts,
      creation_time: payload.timestamp,
      dedup_key: key,
      description: payload.summary,
      details,
      event_class: payload.class,
      message: payload.summary,
      mutations: [],
      service_group: payload.group,
      severity: payload.severity,
      source_component: payload.component,
      source_origin: payload.source,
      version: '1.0',
    },
  };
}

export function noteView({ id, user, content, createdAt }: Note) {
  return {
    id,
    user,
    channel: { summary: 'The PagerDuty website or APIs' },
    content,
    created_at: seconds(createdAt),
  };
}

export function userView(account: Account, user: User) {
  const { id, name, email } = user;
  return { ...reference(account, 'user', { id, name }), type: 'user', name, email, time_zone: 'Etc/UTC', role: 'user' };
}

export function serviceView(account: Account, service: Service) {
  const { id, name } = service;
  return {
    ...reference(account, 'service', { id, name }),
    type: 'service',
    name,
    status: 'active',
    escalation_policy: lookUp(account, 'escalation_policy', service.escalationPolicy),
    alert_creation: 'create_alerts_and_incidents',
  };
}
