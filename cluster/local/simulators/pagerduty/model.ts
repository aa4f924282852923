import { randomInt, randomUUID } from 'node:crypto';
import type { Service } from './account.js';
import type { TriggerEvent } from './eventSchema.js';
import type { Reference } from './references.js';

export type IncidentStatus = 'triggered' | 'acknowledged' | 'resolved';

export interface Alert {
  id: string;
  incident: string;
  /** The dedup_key: one open alert of a routing key has it. */
  key: string;
  routingKey: string;
  createdAt: Date;
  status: 'triggered' | 'resolved';
  /** The trigger as it came last. */
  event: TriggerEvent;
  /** How many triggers it stands for. */
  triggers: number;
}

export interface Note {
  id: string;
  incident: string;
  user: Reference;
  content: string;
  createdAt: Date;
}

export interface Incident {
  id: string;
  number: number;
  key: string;
  title: string;
  status: IncidentStatus;
  urgency: 'high' | 'low';
  createdAt: Date;
  service: Service;
  escalationPolicy: Reference;
  priority: Reference | null;
  assignedVia: 'escalation_policy' | 'direct_assignment';
  assignments: { at: Date; assignee: Reference }[];
  acknowledgements: { at: Date; acknowledger: Reference }[];
  lastChange: { at: Date; by: Reference };
  resolution: string | null;
  /** What alerts must share to join it, where its service groups: null for a field that it lacks. */
  group: (string | null)[] | null;
  lastAlertAt: Date;
}

const LETTERS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';

/** As PagerDuty's own: P and six more. */
export const newId = (): string => `P${Array.from({ length: 6 }, () => LETTERS[randomInt(LETTERS.length)]).join('')}`;

/** What an alert is known by that came without a dedup_key. */
export const newKey = (): string => randomUUID().replaceAll('-', '');
