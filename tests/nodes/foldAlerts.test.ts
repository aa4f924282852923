import type { IWebhookFunctions } from 'n8n-workflow';

import { foldAlerts } from '../../nodes/SecurityAlertTrigger/foldAlerts';
import { alertOf } from '../support/alerts';

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
