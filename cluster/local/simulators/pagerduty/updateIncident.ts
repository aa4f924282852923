import { z } from 'zod/v4';
import type { Asked } from '../http/answer.js';
import { CODE, invalid, refusal } from './errors.js';
import { acknowledge, delegate, prioritise, reassign, resolve } from './incidents.js';
import { type Incident, newId } from './model.js';
import { lookUp, type Reference } from './references.js';
import { incidentOf, requester, written } from './restChecks.js';
import type { World } from './world.js';

const named = (type: string) => z.object({ id: z.string(), type: z.enum([type, `${type}_reference`]) });

const update = z.object({
  incident: z.strictObject({
    type: z.enum(['incident', 'incident_reference']),
    status: z.enum(['acknowledged', 'resolved'], 'Status must be acknowledged or resolved.').optional(),
    resolution: z.string().optional(),
    title: z.string().min(1).optional(),
    urgency: z.enum(['high', 'low']).optional(),
    /** Taken, and nothing done with: as are the two at the end. */
    escalation_level: z.int().positive().optional(),
    priority: named('priority').optional(),
    assignments: z
      .array(z.object({ assignee: named('user') }))
      .min(1)
      .optional(),
    escalation_policy: named('escalation_policy').optional(),
    conference_bridge: z.object({ conference_number: z.string(), conference_url: z.string() }).partial().optional(),
    /** Not in the schema, but sent by n8n's node and taken. */
    body: z.object({ type: z.literal('incident_body'), details: z.string() }).optional(),
  }),
});

type Update = z.output<typeof update>['incident'];

/**
 * `PUT /incidents/:id`. All is looked up before anything changes.
 * @throws Refusal for an incident that is resolved, and for a user whom the account does not have
 */
export function updateIncident(world: World, asked: Asked): Incident {
  const by = requester(world.account, asked);
  const incident = incidentOf(world, asked);
  const wish = written(asked, update).incident;
  if (incident.status === 'resolved' && (wish.status ?? wish.assignments ?? wish.escalation_policy) !== undefined)
    throw refusal(400, 'Incident Already Resolved', CODE.alreadyResolved);
  if (wish.assignments !== undefined && wish.escalation_policy !== undefined)
    throw invalid('Assignments and escalation policy cannot both be given.');
  const found = lookedUp(world, wish);

  incident.title = wish.title ?? incident.title;
  incident.urgency = wish.urgency ?? incident.urgency;
  if (found.priority !== undefined) prioritise(world, incident, found.priority, by);
  if (found.policy !== undefined) delegate(world, incident, found.policy.reference, found.policy.users, by);
  if (found.assignees !== undefined) reassign(world, incident, found.assignees, by);
  if (wish.status === 'acknowledged') acknowledge(world, incident, by);
  if (wish.status === 'resolved') {
    resolve(world, incident, by, wish.resolution);
    if (wish.resolution !== undefined)
      world.store.addNote({
        id: newId(),
        incident: incident.id,
        user: by,
        content: `Resolution Note: ${wish.resolution}`,
        createdAt: world.now(),
      });
  }
  return incident;
}

interface LookedUp {
  assignees: Reference[] | undefined;
  priority: Reference | undefined;
  policy: { reference: Reference; users: Reference[] } | undefined;
}

function lookedUp({ account }: World, { assignments, escalation_policy, priority }: Update): LookedUp {
  const user = (id: string): Reference => lookUp(account, 'user', id) ?? missing('Assigned To User Not Found');
  const policy = account.escalationPolicies.find(({ id }) => id === escalation_policy?.id);
  return {
    assignees: assignments?.map(({ assignee }) => user(assignee.id)),
    priority: priority && (lookUp(account, 'priority', priority.id) ?? missing('Priority Not Found')),
    policy: escalation_policy && {
      reference: lookUp(account, 'escalation_policy', escalation_policy.id) ?? missing('Escalation Policy Not Found'),
      users: policy?.users.map(user) ?? [],
    },
  };
}

function missing(what: string): never {
  throw invalid(what);
}
