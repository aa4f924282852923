import type { IExecuteFunctions } from 'n8n-workflow';

import { forEachItem } from '../../nodes/shared/itemLoop';
import { Way, way } from '../../nodes/shared/way';
import { alertOf } from '../support/alerts';

/** Whether something ends before so many turns of the loop are over. */
async function endsSoon(work: Promise<unknown>): Promise<boolean> {
  let ended = false;
  void work.finally(() => (ended = true));
  for (let turn = 0; turn < 20; turn += 1) await new Promise(setImmediate);
  return ended;
}

test('a way that nobody holds is free', async () => {
  expect(await endsSoon(new Way({ heldMs: 1e6, patienceMs: 1e6 }).free())).toBe(true);
});

test('a step waits until the alert that holds the way had its time', async () => {
  const held = new Way({ heldMs: 20, patienceMs: 1e6 });
  held.hold();
  const step = held.free();
  expect(await endsSoon(step)).toBe(false);
  await step;
  expect(held.isHeld()).toBe(false);
});

test('a step is not put off for ever by alerts that come one after the other', async () => {
  const held = new Way({ heldMs: 1e6, patienceMs: 20 });
  held.hold();
  await held.free();
  expect(held.isHeld()).toBe(true);
});

describe('forEachItem: while the way is held', () => {
  /** Puts an alert through a node. */
  const step = (...alerts: object[]) =>
    forEachItem({ getInputData: () => alerts.map((alert) => ({ json: { alert } })) } as unknown as IExecuteFunctions, {
      outputs: 1,
      failureOutput: 0,
      process: (json) => Promise.resolve({ output: 0, json }),
    });
  const acting = alertOf('pod-quarantine-test');

  test.each([
    ['an alert that nobody acts on', alertOf('escalate-test')],
    ['a report, whatever rule it names', { ...acting, trust: 'report' }],
    ['an item that is no alert', {}],
  ])('%s waits', async (_what, alert) => {
    way.hold();
    const waiting = step(alert);
    expect(await endsSoon(waiting)).toBe(false);
    await waiting;
  });

  test('an alert that came together with one on which the playbook acts does not', async () => {
    const held = jest.spyOn(way, 'free');
    way.hold();
    await step(alertOf('escalate-test'), acting);
    expect(held).not.toHaveBeenCalled();
  });

  test('an alert on which the playbook acts does not', async () => {
    way.hold();
    expect(await endsSoon(step(acting))).toBe(true);
  });
});
