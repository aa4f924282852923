/** What can happen to an incident. Each change tells the subscribers. */
import type { Incident } from './model.js';
import type { Reference } from './references.js';
import { publish, type World } from './world.js';

export function acknowledge(world: World, incident: Incident, by: Reference): void {
  const at = world.now();
  incident.status = 'acknowledged';
  incident.acknowledgements = [...incident.acknowledgements, { at, acknowledger: by }];
  incident.lastChange = { at, by };
  publish(world, 'incident.acknowledged', incident, by);
}

/** Its alerts end with it, and nobody has it any more. */
export function resolve(world: World, incident: Incident, by: Reference, resolution?: string): void {
  incident.status = 'resolved';
  incident.resolution = resolution ?? null;
  incident.assignments = [];
  incident.acknowledgements = [];
  incident.lastChange = { at: world.now(), by };
  for (const alert of world.store.alertsOf(incident.id)) alert.status = 'resolved';
  publish(world, 'incident.resolved', incident, by);
}

/** A person can do that in PagerDuty's own pages; the REST API cannot. */
export function reopen(world: World, incident: Incident, by: Reference): void {
  const at = world.now();
  incident.status = 'triggered';
  incident.resolution = null;
  incident.assignments = [{ at, assignee: by }];
  incident.lastChange = { at, by };
  publish(world, 'incident.reopened', incident, by);
}

/** The new assignee has not acknowledged it yet. */
export function reassign(world: World, incident: Incident, to: Reference[], by: Reference): void {
  const at = world.now();
  incident.assignments = to.map((assignee) => ({ at, assignee }));
  incident.assignedVia = 'direct_assignment';
  waitAgain(incident, by, at);
  publish(world, 'incident.reassigned', incident, by);
}

/** To another escalation policy, and whom that assigns to. */
export function delegate(world: World, incident: Incident, policy: Reference, to: Reference[], by: Reference): void {
  const at = world.now();
  incident.escalationPolicy = policy;
  incident.assignments = to.map((assignee) => ({ at, assignee }));
  incident.assignedVia = 'escalation_policy';
  waitAgain(incident, by, at);
  publish(world, 'incident.delegated', incident, by);
}

export function prioritise(world: World, incident: Incident, priority: Reference, by: Reference): void {
  incident.priority = priority;
  publish(world, 'incident.priority_updated', incident, by);
}

function waitAgain(incident: Incident, by: Reference, at: Date): void {
  if (incident.status !== 'acknowledged') return;
  incident.status = 'triggered';
  incident.acknowledgements = [];
  incident.lastChange = { at, by };
}
