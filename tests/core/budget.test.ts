import fc from 'fast-check';

import type { Reservation } from '../../core/incident/responsePolicy';
import {
  BARE_PODS,
  budgetWorkload,
  budgetExceeded,
  holdsUnit,
  MOST_UNITS,
  withinWindow,
} from '../../core/policy/budget';
import { CONFIGURATION } from '../support/alerts';

const NOW = new Date('2026-11-21T12:00:00.000Z');
const limits = CONFIGURATION.budget;

const unit = (namespace: string, workload: string, minutesAgo = 1): Reservation => ({
  pod: `${namespace}-${workload}-${minutesAgo}`,
  namespace,
  workload,
  incident: 'one',
  at: new Date(NOW.getTime() - minutesAgo * 60_000).toISOString(),
});
const units = (count: number, namespace: string, workload: (index: number) => string): Reservation[] =>
  Array.from({ length: count }, (_, index) => unit(namespace, workload(index)));
const same = () => 'Deployment/web';
const other = (index: number) => `Deployment/other-${index}`;

test.each<[string, Reservation[], string | null]>([
  ['nothing was taken', [], null],
  ['a unit is left in every window', units(2, 'shop', same), null],
  ["the workload's is spent", units(3, 'shop', same), 'workload shop/Deployment/web is spent: 3 of 3'],
  ["another workload's spent budget is its own", units(3, 'shop', () => 'Deployment/db'), null],
  ['a workload of that name in another namespace is another', units(3, 'bank', same), null],
  ["the namespace's is spent", units(10, 'shop', other), 'namespace shop is spent: 10 of 10'],
  [
    "the cluster's is spent, and so is the namespace's floor",
    [...units(9, 'a', other), ...units(9, 'b', other), ...units(2, 'shop', other)],
    'the cluster is spent: 20 of 20',
  ],
  ["others have spent the cluster's", [...units(10, 'a', other), ...units(10, 'b', other)], null],
  [
    "others have spent the cluster's, and one of two is left of the floor",
    [...units(10, 'a', other), ...units(10, 'b', other), ...units(1, 'shop', other)],
    null,
  ],
  [
    'no more can be kept',
    Array.from({ length: MOST_UNITS }, (_, index) => unit(`n-${index}`, 'Deployment/web')),
    `with all floors is spent: ${MOST_UNITS} of ${MOST_UNITS}`,
  ],
])('%s', (_what, taken, expected) => {
  const reason = budgetExceeded(taken, limits, { namespace: 'shop', workload: same() });
  if (expected === null) expect(reason).toBeNull();
  else expect(reason).toContain(expected);
});

test("no namespace takes more than its share of the cluster's, whatever its own limit is", () => {
  const tight = { ...limits, perNamespace: 100, namespaceSharePercent: 25 };
  expect(budgetExceeded(units(4, 'shop', other), tight, { namespace: 'shop', workload: same() })).toBeNull();
  expect(budgetExceeded(units(5, 'shop', other), tight, { namespace: 'shop', workload: same() })).toContain('5 of 5');
});

test('a unit counts as long as its window is open', () => {
  const taken = [unit('shop', same(), 59), unit('shop', same(), 60), unit('shop', same(), 61)];
  expect(withinWindow(taken, limits, NOW)).toEqual([taken[0]]);
});

test('a pod that holds a unit needs no second one', () => {
  expect(holdsUnit([unit('shop', same())], 'shop-Deployment/web-1')).toBe(true);
  expect(holdsUnit([unit('shop', same())], 'another')).toBe(false);
});

test("a floor of none leaves nothing to a namespace when others have spent the cluster's", () => {
  const none = { ...limits, namespaceFloor: 0 };
  const taken = [...units(10, 'a', other), ...units(10, 'b', other)];
  expect(budgetExceeded(taken, none, { namespace: 'shop', workload: same() })).toContain('the cluster is spent');
});

test("a floor lifts neither the namespace's budget nor the workload's", () => {
  const wide = { ...limits, namespaceFloor: 500 };
  expect(budgetExceeded(units(10, 'shop', other), wide, { namespace: 'shop', workload: same() })).toContain(
    'namespace shop',
  );
  expect(budgetExceeded(units(3, 'shop', same), wide, { namespace: 'shop', workload: same() })).toContain(
    'workload shop/',
  );
});

describe("whose budget a pod's unit is taken from", () => {
  const top = { kind: 'Deployment', name: 'web' };
  const workload = { kind: 'ReplicaSet', name: 'web-1', desired: 1, ready: 1, contained: 0, top };
  const quarantine = { state: 'Quarantined', incident: 'one', until: NOW.toISOString(), workload: top };

  test("is the top owner's, also when the pod was detached from it", () => {
    expect(budgetWorkload({ workload, quarantine: null })).toBe('Deployment/web');
    expect(budgetWorkload({ workload: null, quarantine })).toBe('Deployment/web');
  });

  test('is the same for all bare pods of a namespace, whatever they are called', () => {
    expect(budgetWorkload({ workload: null, quarantine: null })).toBe(BARE_PODS);
    const taken = units(3, 'shop', () => BARE_PODS);
    expect(budgetExceeded(taken, limits, { namespace: 'shop', workload: BARE_PODS })).toContain('3 of 3');
  });

  test('stays one for names that are longer than a unit can say, and comes back from JSON as it was', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 600 }), fc.string(), (kind, end) => {
        const long = { kind: `${'k'.repeat(399)}${kind}`, name: 'n' };
        const name = budgetWorkload({ workload: { ...workload, top: long }, quarantine: null });
        expect(Array.from(name).length).toBeLessThanOrEqual(400);
        expect(Buffer.from(name, 'utf8').toString('utf8')).toBe(name);
        const longer = { ...long, name: `n${end}` };
        const other = budgetWorkload({ workload: { ...workload, top: longer }, quarantine: null });
        expect(other.slice(0, 399)).toBe(name.slice(0, 399));
      }),
    );
  });
});

test("however reservations come, no window ever holds more than its limit, and the cluster's no more than the floors add", () => {
  const asked = fc.array(
    fc.record({ namespace: fc.constantFrom('a', 'b', 'c'), workload: fc.constantFrom('x', 'y', 'z') }),
    { maxLength: 80 },
  );
  fc.assert(
    fc.property(asked, fc.nat(12), (requests, namespaceFloor) => {
      const limits = { ...CONFIGURATION.budget, namespaceFloor };
      const taken: Reservation[] = [];
      for (const [index, request] of requests.entries())
        if (budgetExceeded(taken, limits, request) === null)
          taken.push({ ...request, pod: String(index), incident: 'one', at: NOW.toISOString() });
      const share = (limits.perCluster * limits.namespaceSharePercent) / 100;
      for (const namespace of ['a', 'b', 'c']) {
        const inNamespace = taken.filter((one) => one.namespace === namespace);
        expect(inNamespace.length).toBeLessThanOrEqual(Math.min(limits.perNamespace, share));
        for (const workload of ['x', 'y', 'z'])
          expect(inNamespace.filter((one) => one.workload === workload).length).toBeLessThanOrEqual(limits.perWorkload);
      }
      expect(taken.length).toBeLessThanOrEqual(limits.perCluster + 3 * namespaceFloor);
      if (namespaceFloor === 0) expect(taken.length).toBeLessThanOrEqual(limits.perCluster);
    }),
  );
});

test('whatever others have taken, a namespace gets its floor', () => {
  const others = fc.array(fc.record({ namespace: fc.constantFrom('a', 'b', 'c', 'd'), workload: fc.string() }), {
    maxLength: 120,
  });
  fc.assert(
    fc.property(others, fc.integer({ min: 1, max: 10 }), (requests, namespaceFloor) => {
      const floored = { ...limits, perWorkload: 500, namespaceFloor };
      const taken: Reservation[] = [];
      const take = (request: { namespace: string; workload: string }): boolean => {
        if (budgetExceeded(taken, floored, request) !== null) return false;
        taken.push({ ...request, pod: String(taken.length), incident: 'one', at: NOW.toISOString() });
        return true;
      };
      requests.forEach(take);
      for (let unitOfFloor = 0; unitOfFloor < namespaceFloor; unitOfFloor += 1)
        expect(take({ namespace: 'mine', workload: BARE_PODS })).toBe(true);
    }),
  );
});
