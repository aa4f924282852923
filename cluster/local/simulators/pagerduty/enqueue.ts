import { type Asked, Refusal, type Said } from '../http/answer.js';
import { parsedJson } from '../http/json.js';
import type { Service } from './account.js';
import { eventsError } from './errors.js';
import { event, type TriggerEvent } from './eventSchema.js';
import { groupOf, joined, settingOf } from './grouping.js';
import { acknowledge, resolve } from './incidents.js';
import { type Incident, newId, newKey } from './model.js';
import { lookUp, reference, type Reference } from './references.js';
import { publish, type World } from './world.js';

const LARGEST = 512 * 1024;

/**
 * `POST /v2/enqueue`.
 * @throws Refusal as PagerDuty does, which does not accept such an event when it comes again either
 */
export function enqueue(world: World, { body }: Asked): Said {
  if (body.length > LARGEST) throw refusal('Event object is invalid', 'The event is too large (maximum is 512 KB)');
  const text = parsedJson(body.toString('utf8'));
  if (typeof text !== 'object' || text === null)
    throw refusal('Event object format is unrecognized', 'JSON parse error');
  const { success, data, error } = event.safeParse(text);
  if (!success) throw refusal('Event object is invalid', ...error.issues.map(({ message }) => message));
  const service = world.account.services.find(({ routingKeys }) => routingKeys.includes(data.routing_key));
  if (service === undefined) throw refusal('Invalid routing key');

  const dedup_key = data.dedup_key === undefined || data.dedup_key === '' ? newKey() : data.dedup_key;
  if (data.event_action === 'trigger') trigger(world, service, data, dedup_key);
  else change(world, service, data.routing_key, dedup_key, data.event_action);
  return { status: 202, body: { status: 'success', message: 'Event processed', dedup_key } };
}

const refusal = (message: string, ...errors: string[]): Refusal =>
  new Refusal({ status: 400, body: eventsError('invalid event', message, errors) });

function trigger(world: World, service: Service, event: TriggerEvent, key: string): void {
  const { store, now } = world;
  const open = store.openAlert(event.routing_key, key);
  if (open !== undefined) {
    open.event = event;
    open.triggers += 1;
    return;
  }
  const incident = incidentFor(world, service, event, key);
  incident.lastAlertAt = now();
  store.addAlert({
    id: newId(),
    incident: incident.id,
    key,
    routingKey: event.routing_key,
    createdAt: now(),
    status: 'triggered',
    event,
    triggers: 1,
  });
}

/** The open incident that the service's grouping puts it into, or a new one. */
function incidentFor(world: World, service: Service, event: TriggerEvent, key: string): Incident {
  const { account, store, now } = world;
  const setting = settingOf(account, service);
  if (setting !== undefined) {
    const open = store.incidents().filter((other) => other.status !== 'resolved' && other.service.id === service.id);
    const found = joined(setting, event, open, now());
    if (found !== undefined) return found;
  }
  const agent = reference(account, 'service', service);
  const incident = store.addIncident({
    key,
    title: event.payload.summary,
    status: 'triggered',
    urgency: service.urgency,
    createdAt: now(),
    service,
    ...assignedBy(world, service),
    priority: null,
    acknowledgements: [],
    lastChange: { at: now(), by: agent },
    resolution: null,
    group: setting === undefined ? null : groupOf(setting, event),
    lastAlertAt: now(),
  });
  publish(world, 'incident.triggered', incident, agent);
  return incident;
}

function assignedBy({ account, now }: World, service: Service) {
  const policy = account.escalationPolicies.find(({ id }) => id === service.escalationPolicy);
  const assignees: Reference[] = (policy?.users ?? []).flatMap((id) => lookUp(account, 'user', id) ?? []);
  return {
    escalationPolicy: reference(account, 'escalation_policy', policy ?? { id: service.escalationPolicy, name: '' }),
    assignedVia: 'escalation_policy' as const,
    assignments: assignees.map((assignee) => ({ at: now(), assignee })),
  };
}

/** What is said of an alert that is not open is accepted, and changes nothing. */
function change(world: World, service: Service, routingKey: string, key: string, action: 'acknowledge' | 'resolve') {
  const { account, store } = world;
  const alert = store.openAlert(routingKey, key);
  const incident = alert && store.incident(alert.incident);
  if (alert === undefined || incident === undefined) return;
  const agent = reference(account, 'service', service);
  if (action === 'acknowledge') {
    if (incident.status === 'triggered') acknowledge(world, incident, agent);
    return;
  }
  alert.status = 'resolved';
  const isOver = store.alertsOf(incident.id).every(({ status }) => status === 'resolved');
  if (isOver && incident.status !== 'resolved') resolve(world, incident, agent);
}
