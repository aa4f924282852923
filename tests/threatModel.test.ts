import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { ROOT } from './support/manifests';

const rows = readFileSync(join(ROOT, 'docs/threat-model.md'), 'utf8')
  .split('\n')
  .filter((line) => /^\| \d+ \|/.test(line))
  .map((line) => line.split('|').map((cell) => cell.trim()))
  .map(([, number = '', abuse = '', defence = '', tests = '']) => ({ number, abuse, defence, tests }));

test('the threat model has its rows', () => {
  expect(rows.length).toBeGreaterThanOrEqual(24);
});

test.each(rows)('$number: $abuse — names tests that hold its defence', ({ defence, tests }) => {
  expect(defence).not.toBe('');
  const files = [...tests.matchAll(/`([^`]+)`/g)].map(([, file = '']) => file);
  expect(files).not.toEqual([]);
  for (const file of files) {
    expect([file, existsSync(join(ROOT, file))]).toEqual([file, true]);
    expect(readFileSync(join(ROOT, file), 'utf8')).toMatch(/\b(test|it)(\.each)?[(<]/);
  }
});
