import { compare } from '../../eval/score/compare';
import { calibration, mcNemar, percentile, rate } from '../../eval/score/statistics';
import { outcome } from './support';

test.each([
  // The last one is an example of Newcombe (1998), "Two-sided confidence intervals for the single proportion".
  [8, 10, 0.4902, 0.9433],
  [0, 10, 0, 0.2775],
  [10, 10, 0.7225, 1],
  [81, 263, 0.2553, 0.3662],
])('rate gives Wilson interval of %i of %i', (count, of, low, high) => {
  const found = rate(count, of);
  expect(found.share).toBeCloseTo(count / of, 10);
  expect(found.low).toBeCloseTo(low, 4);
  expect(found.high).toBeCloseTo(high, 4);
});

test('rate of nothing has no share, and an interval that says nothing', () => {
  expect(rate(0, 0)).toEqual({ count: 0, of: 0, share: null, low: 0, high: 1 });
});

test.each([
  // The binomial sums in whole numbers: 2 (C(9,0) + C(9,1)) / 2^9, and so on.
  [1, 8, 0.0390625],
  [8, 1, 0.0390625],
  [0, 5, 0.0625],
  [3, 3, 1],
  [0, 0, 1],
  [12, 30, 0.007916],
])('mcNemar of %i and %i', (onlyFirst, onlySecond, p) => {
  expect(mcNemar(onlyFirst, onlySecond)).toBeCloseTo(p, 5);
});

test('calibration: a model that is always sure and right half of the time is off by a half', () => {
  const { brier, ece, bins } = calibration([
    { confidence: 1, right: true },
    { confidence: 1, right: false },
  ]);
  expect([brier, ece]).toEqual([0.5, 0.5]);
  expect(bins).toEqual([{ from: 0.9, to: 1, count: 2, meanConfidence: 1, shareRight: 0.5 }]);
});

test('calibration: a model whose confidence is the share that is right has no calibration error', () => {
  const predictions = Array.from({ length: 10 }, (_, index) => ({ confidence: 0.7, right: index < 7 }));
  expect(calibration(predictions).ece).toBeCloseTo(0, 10);
  expect(calibration(predictions).brier).toBeCloseTo(0.21, 10);
});

test('percentile of few values is one of them', () => {
  expect(percentile([5, 1, 3], 0.5)).toBe(3);
  expect(percentile([5, 1, 3], 0.95)).toBe(5);
  expect(percentile([], 0.5)).toBe(0);
});

test('compare pairs runs by case and repeat, and names on which they differ', () => {
  const before = [outcome({ case: 'a' }), outcome({ case: 'b', right: false }), outcome({ case: 'gone' })];
  const now = [outcome({ case: 'a', right: false }), outcome({ case: 'b' }), outcome({ case: 'b', repeat: 2 })];
  expect(compare(before, now)).toMatchObject({
    pairs: 2,
    unpaired: 2,
    right: { onlyBefore: ['a'], onlyNow: ['b'], p: 1 },
    harmless: { onlyBefore: [], onlyNow: [], p: 1 },
  });
});

test('compare gives the p value of the pairs that differ', () => {
  const names = Array.from({ length: 9 }, (_, index) => `case ${index}`);
  const before = names.map((name, index) => outcome({ case: name, right: index === 0 }));
  const now = names.map((name, index) => outcome({ case: name, right: index !== 0 }));
  expect(compare(before, now).right.p).toBeCloseTo(0.0390625, 7);
});
