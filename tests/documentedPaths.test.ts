import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { ROOT } from './support/manifests';

const pages = execFileSync('git', ['ls-files', '--', 'README.md', 'CONTRIBUTING.md', 'docs'], {
  cwd: ROOT,
  encoding: 'utf8',
})
  .split('\n')
  .filter((file) => file.endsWith('.md'));

/** Folders of this project: a path in backticks that begins with one is a path of the checkout. */
const OURS = /^(?:core|app|adapters|nodes|credentials|gate|cluster|tests|bench|workflows|manifests|docs)\//;

/** Paths that a page names in backticks, without placeholders and patterns. */
const pathsIn = (text: string): string[] =>
  [...text.matchAll(/`([^`\s]+)`/g)]
    .map(([, path = '']) => path)
    .filter((path) => OURS.test(path) && !/[*<>{}$]/.test(path));

test.each(pages)('%s names only paths that exist', (page) => {
  const missing = pathsIn(readFileSync(join(ROOT, page), 'utf8')).filter((path) => !existsSync(join(ROOT, path)));
  expect(missing).toEqual([]);
});

test('CONTRIBUTING.md lists the folders of core in the order in which the linter lets them import each other', () => {
  const [, listed = ''] = /^core\/ .*\n((?:  .*\n)+)/m.exec(readFileSync(join(ROOT, 'CONTRIBUTING.md'), 'utf8')) ?? [];
  const folders = [...listed.matchAll(/^ {2}(\w+)\/ /gm)].map(([, name]) => name);
  const [, stairs = ''] =
    /const stairs = (\[[^\]]*\])/.exec(readFileSync(join(ROOT, '.dependency-cruiser.cjs'), 'utf8')) ?? [];
  expect(folders).toEqual(JSON.parse(stairs.replaceAll("'", '"')));
});

test('the pages name paths at all', () => {
  const all = pages.flatMap((page) => pathsIn(readFileSync(join(ROOT, page), 'utf8')));
  expect(all.length).toBeGreaterThan(100);
});
