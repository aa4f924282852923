import type { Route } from '../http/router.js';
import { serve, type Service } from '../http/service.js';
import { account, type AccountSettings } from './account.js';
import { adminRoutes, configure } from './adminRoutes.js';
import { Deliveries, type DeliveryOptions } from './delivery.js';
import { enqueue } from './enqueue.js';
import { CODE, errorForm, restError } from './errors.js';
import { restRoutes } from './rest.js';
import { type PagerDutyState, stateOf } from './state.js';
import { Store } from './store.js';
import type { World } from './world.js';

interface PagerDutyOptions {
  port?: number;
  account?: AccountSettings;
  delivery?: Partial<DeliveryOptions>;
  /** For the windows of grouping. */
  now?: () => Date;
  log?: (line: string) => void;
}

export interface PagerDuty extends Pick<Service, 'url' | 'requests' | 'faults' | 'close'> {
  state: () => PagerDutyState;
  configure: (settings: AccountSettings) => void;
  /** Until every webhook has arrived, was dropped or given up. */
  settled: () => Promise<void>;
}

const DELIVERY: DeliveryOptions = { timeoutMilliseconds: 5_000, retryMilliseconds: [500, 2_000, 5_000] };

/** PagerDuty's Events API v2, its REST API and its V3 webhooks, for one account that is made up. */
export async function startPagerDuty(options: PagerDutyOptions = {}): Promise<PagerDuty> {
  const world: World = {
    account: account.parse(options.account ?? {}),
    store: new Store(),
    deliveries: new Deliveries({ ...DELIVERY, ...options.delivery }),
    now: options.now ?? (() => new Date()),
  };
  const service = await serve({
    name: 'pagerduty',
    port: options.port,
    routes: [eventsRoute(world), ...restRoutes(world)].map(atItsHost),
    admin: adminRoutes(world),
    unknown: () => UNKNOWN,
    errorForm,
    reset: async () => {
      world.store.clear();
      await world.deliveries.clear();
    },
    log: options.log,
  });
  return {
    ...service,
    state: () => stateOf(world),
    configure: (settings) => {
      configure(world, settings);
    },
    settled: () => world.deliveries.settled(),
    close: async () => {
      await world.deliveries.clear();
      await service.close();
    },
  };
}

const UNKNOWN = { status: 404, body: restError('Not Found', CODE.notFound) };

const eventsRoute = (world: World): Route => ({
  method: 'POST',
  path: '/v2/enqueue',
  answer: (asked) => enqueue(world, asked),
});

/** By their real names the two APIs are two hosts, and neither has the other's paths. On loopback they share one. */
function atItsHost(route: Route): Route {
  const other = route.path === '/v2/enqueue' ? 'api.pagerduty.com' : 'events.pagerduty.com';
  return { ...route, answer: (asked) => (asked.headers.host === other ? UNKNOWN : route.answer(asked)) };
}
