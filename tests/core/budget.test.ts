import fc from 'fast-check';

import type { Reservation } from '../../core/context/responsePolicy';
import { exhaustion, holdsUnit, withinWindow, workloadName } from '../../core/decision/budget';
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
  ['the workload’s is spent', units(3, 'shop', same), 'workload shop/Deployment/web is spent: 3 of 3'],
  ['another workload’s spent budget is its own', units(3, 'shop', () => 'Deployment/db'), null],
  ['a workload of that name in another namespace is another', units(3, 'bank', same), null],
  ['the namespace’s is spent', units(10, 'shop', other), 'namespace shop is spent: 10 of 10'],
  ['the cluster’s is spent', [...units(10, 'a', other), ...units(10, 'b', other)], 'the cluster is spent: 20 of 20'],
])('%s', (_what, taken, expected) => {
  const reason = exhaustion(taken, limits, { namespace: 'shop', workload: same() });
  if (expected === null) expect(reason).toBeNull();
  else expect(reason).toContain(expected);
});

test('no namespace takes more than its share of the cluster’s, whatever its own limit is', () => {
  const tight = { ...limits, perNamespace: 100, namespaceSharePercent: 25 };
  expect(exhaustion(units(4, 'shop', other), tight, { namespace: 'shop', workload: same() })).toBeNull();
  expect(exhaustion(units(5, 'shop', other), tight, { namespace: 'shop', workload: same() })).toContain('5 of 5');
});

test('a unit counts as long as its window is open', () => {
  const taken = [unit('shop', same(), 59), unit('shop', same(), 60), unit('shop', same(), 61)];
  expect(withinWindow(taken, limits, NOW)).toEqual([taken[0]]);
});

test('a pod that holds a unit needs no second one', () => {
  expect(holdsUnit([unit('shop', same())], 'shop-Deployment/web-1')).toBe(true);
  expect(holdsUnit([unit('shop', same())], 'another')).toBe(false);
});

test('a bare pod is its own workload', () => {
  expect(workloadName(undefined, 'alone')).toBe('Pod/alone');
  expect(workloadName({ kind: 'Deployment', name: 'web' }, 'web-1')).toBe('Deployment/web');
});

test('however reservations come, no window ever holds more than its limit', () => {
  const asked = fc.array(
    fc.record({ namespace: fc.constantFrom('a', 'b', 'c'), workload: fc.constantFrom('x', 'y', 'z') }),
    { maxLength: 80 },
  );
  fc.assert(
    fc.property(asked, (requests) => {
      const taken: Reservation[] = [];
      for (const [index, request] of requests.entries())
        if (exhaustion(taken, limits, request) === null)
          taken.push({ ...request, pod: String(index), incident: 'one', at: NOW.toISOString() });
      const share = (limits.perCluster * limits.namespaceSharePercent) / 100;
      for (const namespace of ['a', 'b', 'c']) {
        const inNamespace = taken.filter((one) => one.namespace === namespace);
        expect(inNamespace.length).toBeLessThanOrEqual(Math.min(limits.perNamespace, share));
        for (const workload of ['x', 'y', 'z'])
          expect(inNamespace.filter((one) => one.workload === workload).length).toBeLessThanOrEqual(limits.perWorkload);
      }
      expect(taken.length).toBeLessThanOrEqual(limits.perCluster);
    }),
  );
});
