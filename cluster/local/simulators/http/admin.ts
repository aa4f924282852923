import { z } from 'zod/v4';
import { type Faults, plannedFault } from './faults.js';
import { adminBody } from './json.js';
import type { Requests } from './requests.js';
import type { Route } from './router.js';

interface Simulated {
  faults: Faults;
  requests: Requests;
  reset: () => Promise<void>;
}

/** What every simulator answers under `/_simulator/`. */
export function adminRoutes({ faults, requests, reset }: Simulated): Route[] {
  return [
    { method: 'GET', path: '/_simulator/health', answer: () => ({ status: 200, body: { status: 'ok' } }) },
    { method: 'GET', path: '/_simulator/requests', answer: () => ({ status: 200, body: requests.all() }) },
    {
      method: 'POST',
      path: '/_simulator/next',
      answer: (asked) => {
        faults.plan(adminBody(asked, plannedFault));
        return { status: 204 };
      },
    },
    {
      method: 'POST',
      path: '/_simulator/reset',
      answer: async (asked) => {
        adminBody(asked, z.strictObject({}));
        await reset();
        return { status: 204 };
      },
    },
  ];
}
