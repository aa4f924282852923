import type { IContextObject } from 'n8n-workflow';

import { mayStartPortion } from '../../nodes/K8sQuarantine/resources/incident/portions';
import { Admissions, eventOf } from '../support/incidents';

const NOW = new Date('2026-11-27T10:00:00Z');

/** A node in one execution. */
function execution() {
  const kept: IContextObject = {};
  return { getContext: () => kept };
}

describe('the portions of one execution', () => {
  test('are ten at most, and the next execution begins at the first again', async () => {
    const { store } = new Admissions();
    const one = execution();
    const asked = [];
    for (let portion = 0; portion < 12; portion += 1) asked.push(await mayStartPortion(one, store, NOW));
    expect(asked).toEqual([...Array<boolean>(10).fill(true), false, false]);
    expect(await mayStartPortion(execution(), store, NOW)).toBe(true);
  });

  test('end after four minutes', async () => {
    const { store } = new Admissions();
    const one = execution();
    expect(await mayStartPortion(one, store, NOW)).toBe(true);
    const clock = jest.spyOn(performance, 'now').mockReturnValue(performance.now() + 241_000);
    expect(await mayStartPortion(one, store, NOW)).toBe(false);
    clock.mockRestore();
  });

  test('wait for what was started before, but for the first, which begins whatever runs', async () => {
    const admissions = new Admissions({ activePerNamespace: 1000 });
    for (let rule = 0; rule < 51; rule += 1) await admissions.admit(eventOf({ rule: `rule ${rule}` }, NOW));
    const one = execution();
    expect(await mayStartPortion(one, admissions.store, NOW)).toBe(true);
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate'] });
    try {
      const second = mayStartPortion(one, admissions.store, NOW);
      await jest.advanceTimersByTimeAsync(61_000);
      expect(await second).toBe(false);
    } finally {
      jest.useRealTimers();
    }
  });
});
