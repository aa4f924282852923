import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { ROOT } from './support/manifests';

/** Files that a clone holds, and new ones that are not ignored: an empty folder left behind by a move is not among them. */
const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
  cwd: ROOT,
  encoding: 'utf8',
})
  .split('\n')
  .filter((file) => existsSync(join(ROOT, file)));

const folders = new Set(files.flatMap((file) => [...file.matchAll(/\//g)].map(({ index }) => file.slice(0, index))));
const known = new Set([...files, ...folders]);

const pages = files.filter((file) => /^(?:(?:README|CONTRIBUTING)\.md|docs\/.*\.md)$/.test(file));

/** Folders of this project: a path in backticks that begins with one is a path of the checkout. */
const OURS = /^(?:core|app|adapters|nodes|credentials|gate|cluster|tests|bench|eval|workflows|manifests|docs)\//;

/** Paths that a page names in backticks, without placeholders and patterns. */
const pathsIn = (text: string): string[] =>
  [...text.matchAll(/`([^`\s]+)`/g)]
    .map(([, path = '']) => path)
    .filter((path) => OURS.test(path) && !/[*<>{}$]/.test(path));

test.each(pages)('%s names only paths that exist', (page) => {
  const missing = pathsIn(readFileSync(join(ROOT, page), 'utf8')).filter((path) => !known.has(path.replace(/\/$/, '')));
  expect(missing).toEqual([]);
});

test('CONTRIBUTING.md lists the folders of core in the order in which the linter lets them import each other', () => {
  const [, listed = ''] = /^core\/ .*\n((?:  .*\n)+)/m.exec(readFileSync(join(ROOT, 'CONTRIBUTING.md'), 'utf8')) ?? [];
  const listedFolders = [...listed.matchAll(/^ {2}(\w+)\/ /gm)].map(([, name]) => name);
  const [, stairs = ''] =
    /const stairs = (\[[^\]]*\])/.exec(readFileSync(join(ROOT, '.dependency-cruiser.cjs'), 'utf8')) ?? [];
  expect(listedFolders).toEqual([...stairs.matchAll(/'(\w+)'/g)].map(([, name]) => name));
});

test('the pages name paths at all', () => {
  const all = pages.flatMap((page) => pathsIn(readFileSync(join(ROOT, page), 'utf8')));
  expect(all.length).toBeGreaterThan(100);
});
