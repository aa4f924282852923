import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { ROOT } from './support/manifests';
import { matchesTitle, missingTests, threatModelRows } from './support/threatModel';

const rows = threatModelRows(ROOT);

test('the threat model has its rows, each with a number of its own', () => {
  expect(rows.length).toBeGreaterThanOrEqual(34);
  expect(new Set(rows.map(({ number }) => number)).size).toBe(rows.length);
});

test.each(rows)('threat model row $number: $abuse: names the tests that hold its defence', ({ defence, tests }) => {
  expect(defence).not.toBe('');
  expect(tests).not.toEqual([]);
  for (const { file } of tests) expect([file, existsSync(join(ROOT, file))]).toEqual([file, true]);
});

test('every test file in the threat model is named with a title', () => {
  const text = readFileSync(join(ROOT, 'docs/threat-model.md'), 'utf8');
  const table = text.slice(text.indexOf('## Abuse cases'));
  const files = [...table.matchAll(/`tests\/[^`]+`/g)].length;
  expect(rows.flatMap(({ tests }) => tests)).toHaveLength(files);
});

describe('missingTests', () => {
  const named = { file: 'tests/a.test.ts', title: 'a pod * is refused' };
  const row = { number: '7', abuse: '', defence: '', tests: [named] };
  const executed = (title: string, status: string) => [{ file: named.file, title, status }];

  test('reports a named test that did not run', () => {
    const other = [
      ...executed('a pod', 'passed'),
      { file: 'tests/b.test.ts', title: 'a pod x is refused', status: 'passed' },
    ];
    expect(missingTests([row], other, () => true)).toEqual([
      'docs/threat-model.md, row 7: tests/a.test.ts "a pod * is refused": there is no such test.',
    ]);
  });

  test.each(['failed', 'pending', 'todo'])('reports a named test that is %s', (status) => {
    const some = [...executed('a pod x is refused', 'passed'), ...executed('a pod y is refused', status)];
    expect(missingTests([row], some, () => true).join()).toMatch(/it did not pass/);
  });

  test('is silent about tests that passed, and about files of another run', () => {
    expect(missingTests([row], executed('a pod x is refused', 'passed'), () => true)).toEqual([]);
    expect(missingTests([row], [], () => false)).toEqual([]);
  });
});

test.each([
  ['a * b', 'a c b', true],
  ['a (b).', 'a (b).', true],
  ['a', 'a b', false],
  ['a *', 'a ', false],
])('matchesTitle: %j names the test %j: %s', (pattern, title, expected) => {
  expect(matchesTitle(title, pattern)).toBe(expected);
});
