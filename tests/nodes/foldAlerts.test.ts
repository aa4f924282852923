import { randomUUID } from 'node:crypto';

import type { IWebhookFunctions } from 'n8n-workflow';

import { foldAlerts } from '../../nodes/SecurityAlertTrigger/foldAlerts';
import { alertOf } from '../support/alerts';
import { DAY_MS, letPass, restoreClocks, setWallClock } from '../support/clocks';

const COUNT = 50;

/** A trigger that keeps its incidents in memory. */
const trigger = {
  getNode: () => ({ id: 'trigger', name: 'Security Alert Trigger' }),
  getWorkflow: () => ({ id: 'workflow' }),
  getNodeParameter: (_name: string, otherwise: unknown) => otherwise,
} as unknown as IWebhookFunctions;

test('foldAlerts: lets the event loop turn between the alerts of one body', async () => {
  let turns = -1;
  let next: NodeJS.Immediate | undefined;
  const count = () => {
    turns += 1;
    next = setImmediate(count);
  };
  count();
  const { repeated } = await foldAlerts(
    trigger,
    Array.from({ length: COUNT }, () => alertOf('test-shell')),
    0,
  );
  clearImmediate(next);
  expect(repeated).toBe(COUNT - 1);
  expect(turns).toBeGreaterThanOrEqual(COUNT - 1);
});

describe('foldAlerts: after the store of incidents has failed', () => {
  afterEach(restoreClocks);

  /** A trigger whose database refuses connections, and what it logged. */
  function brokenTrigger() {
    const logged: string[] = [];
    const access = { host: '127.0.0.1', port: 1, database: 'd', user: 'u', password: randomUUID(), tls: 'off' };
    const context = {
      getNode: () => ({ id: 'broken', name: 'Security Alert Trigger', credentials: {} }),
      getWorkflow: () => ({ id: 'workflow' }),
      getNodeParameter: () => 'postgres',
      getCredentials: () => Promise.resolve(access),
      logger: { error: (message: string) => logged.push(message) },
    } as unknown as IWebhookFunctions;
    return { logged, fold: () => foldAlerts(context, [alertOf('test-shell')], 0) };
  }

  test('asks it again after a rest, also where the wall clock was set back', async () => {
    const { logged, fold } = brokenTrigger();
    await fold();
    expect(logged).toHaveLength(1);
    setWallClock(DAY_MS);
    await fold();
    expect(logged).toHaveLength(1);
    setWallClock(-2 * DAY_MS);
    letPass(5_000);
    await fold();
    expect(logged).toHaveLength(2);
  });
});
