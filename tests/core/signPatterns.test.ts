import { SIGNS } from '../../core/policy/table/signs';
import { superlinear } from '../support/superlinear';

const PATTERNS = SIGNS.flatMap(({ name, all = [], unless, fields = [] }) =>
  [...all, ...(unless === undefined ? [] : [unless]), ...fields.map(([, pattern]) => pattern)].map(
    (pattern) => [name, pattern] as const,
  ),
);

test('there are patterns to look at', () => {
  expect(PATTERNS.length).toBeGreaterThan(SIGNS.length);
});

test.each(PATTERNS)('the sign %s by %s is searched in linear time', (_name, pattern) => {
  expect(superlinear(pattern, true)).toEqual([]);
});
