import type { Delivery } from './delivery.js';
import type { Alert, IncidentStatus } from './model.js';
import type { World } from './world.js';

/** What a test or a scenario reads: an incident with all that belongs to it. */
interface IncidentState {
  id: string;
  number: number;
  key: string;
  title: string;
  status: IncidentStatus;
  urgency: 'high' | 'low';
  service: string;
  /** Ids of users. */
  assignees: string[];
  escalationPolicy: string;
  priority: string | null;
  resolution: string | null;
  notes: { user: string; content: string }[];
  alerts: Pick<Alert, 'id' | 'key' | 'status' | 'triggers' | 'event'>[];
}

export interface PagerDutyState {
  incidents: IncidentState[];
  deliveries: Delivery[];
}

export function stateOf({ store, deliveries }: World): PagerDutyState {
  return {
    incidents: store.incidents().map((incident) => {
      const { id, number, key, title, status, urgency, service, resolution } = incident;
      return {
        id,
        number,
        key,
        title,
        status,
        urgency,
        service: service.id,
        assignees: incident.assignments.map(({ assignee }) => assignee.id),
        escalationPolicy: incident.escalationPolicy.id,
        priority: incident.priority?.id ?? null,
        resolution,
        notes: store.notesOf(id).map(({ user, content }) => ({ user: user.id, content })),
        alerts: store
          .alertsOf(id)
          .map(({ id, key, status, triggers, event }) => ({ id, key, status, triggers, event })),
      };
    }),
    deliveries: deliveries.all,
  };
}
