import { z } from 'zod/v4';
import { type Asked, Refusal } from '../http/answer.js';
import { adminBody, problems } from '../http/json.js';
import type { Route } from '../http/router.js';
import { account as accountSchema } from './account.js';
import { reopen } from './incidents.js';
import { lookUp } from './references.js';
import { incidentOf } from './restChecks.js';
import { stateOf } from './state.js';
import { PING, webhookBody } from './webhookBody.js';
import type { World } from './world.js';

const byUser = z.strictObject({ user: z.string() });

/** Beside what every simulator has. */
export function adminRoutes(world: World): Route[] {
  const { account, deliveries, now } = world;
  return [
    { method: 'GET', path: '/_simulator/state', answer: () => ({ status: 200, body: stateOf(world) }) },
    { method: 'GET', path: '/_simulator/configuration', answer: () => ({ status: 200, body: account }) },
    {
      method: 'PUT',
      path: '/_simulator/configuration',
      answer: (asked) => {
        configure(world, adminBody(asked, z.looseObject({})));
        return { status: 200, body: account };
      },
    },
    {
      method: 'POST',
      path: '/_simulator/incidents/:id/reopen',
      answer: (asked) => {
        const incident = incidentOf(world, asked);
        const user = lookUp(account, 'user', adminBody(asked, byUser).user);
        if (user === undefined) throw complaint('there is no such user');
        if (incident.status !== 'resolved') throw complaint('the incident is open');
        reopen(world, incident, user);
        return { status: 204 };
      },
    },
    {
      method: 'POST',
      path: '/_simulator/webhooks/:id/ping',
      answer: ({ parts }: Asked) => {
        const webhook = account.webhooks.find(({ id }) => id === parts.id);
        if (webhook === undefined) throw complaint('there is no such webhook');
        deliveries.post(webhook, webhookBody('pagey.ping', null, PING, now()));
        return { status: 204 };
      },
    },
  ];
}

/**
 * What is given takes the place of what was there, a list as a whole; what is left out stays.
 * @throws Refusal when the account would not be of its form
 */
export function configure({ account }: World, settings: object): void {
  const { success, data, error } = accountSchema.safeParse({ ...account, ...settings });
  if (!success) throw complaint(problems(error).join(', '));
  Object.assign(account, data);
}

const complaint = (error: string): Refusal => new Refusal({ status: 400, body: { error } });
