import { type PagerDuty, startPagerDuty } from '../../../cluster/local/simulators/pagerduty/start';
import { type Answered, call, type Call } from './call';

export const ROUTING_KEY = '5imu1atedr0ut1ngkey0000000000001';
export const USER = { id: 'PTUXL6G', email: 'on-call@example.com' };
export const NEO = { id: 'PN30B0T', email: 'neo@example.com' };

export const HEADERS = {
  accept: 'application/vnd.pagerduty+json;version=2',
  authorization: 'Token token=simulated-pagerduty-token',
};

export const trigger = (more: object = {}, payload: object = {}) => ({
  routing_key: ROUTING_KEY,
  event_action: 'trigger',
  payload: { summary: 'Netcat in a pod', source: 'falco', severity: 'critical', ...payload },
  ...more,
});

/** A client of the simulator, as itself and as a sender of events. */
export async function account(options: Parameters<typeof startPagerDuty>[0] = {}) {
  const pagerDuty: PagerDuty = await startPagerDuty(options);
  const send = (event: unknown): Promise<Answered> => call('POST', `${pagerDuty.url}/v2/enqueue`, { body: event });
  const rest = (method: string, path: string, { headers, body }: Call = {}): Promise<Answered> =>
    call(method, `${pagerDuty.url}${path}`, { headers: { ...HEADERS, ...headers }, body });
  return {
    pagerDuty,
    send,
    rest,
    /** By a user of the account. */
    write: (method: string, path: string, body: unknown) => rest(method, path, { headers: { from: USER.email }, body }),
    admin: (method: string, path: string, body?: unknown) =>
      call(method, `${pagerDuty.url}/_simulator/${path}`, { body }),
    /** Triggers an incident of its own. */
    incident: async (payload: object = {}): Promise<string> => {
      await send(trigger({}, payload));
      return pagerDuty.state().incidents.at(-1)?.id ?? '';
    },
  };
}
