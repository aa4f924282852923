import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join, normalize } from 'node:path';

import { ROOT } from './support/manifests';
import { anchorsOf, codeOf, relativeLinksOf } from './support/markdown';

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
/** Everything that people read here, pages beside the code as well. */
const texts = files.filter((file) => file.endsWith('.md') && !/^tests\/fixtures\/(?!.*README\.md$)/.test(file));

const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8');

/** Folders of this project: what begins with one in code of a page, a command included, is a path of the checkout. */
const OURS = /^(?:core|app|adapters|nodes|credentials|gate|pages|cluster|tests|bench|eval|workflows|manifests|docs)\//;

/** Paths that the code of a page names, without placeholders and patterns. */
const pathsIn = (text: string): string[] =>
  codeOf(text)
    .flatMap((code) => code.split(/[\s'"=,()[\]]+/))
    .map((word) => word.replace(/[/.:;]+$/, ''))
    .filter((path) => OURS.test(path) && !/[*<>{}$|…]/.test(path));

test.each(pages)('%s names only paths that exist', (page) => {
  // jest finds a test file by the beginning of its name.
  const missing = pathsIn(read(page)).filter((path) => !known.has(path) && !known.has(`${path}.ts`));
  expect(missing).toEqual([]);
});

test('CONTRIBUTING.md lists the folders of core in the order in which the linter lets them import each other', () => {
  const [, listed = ''] = /^core\/ .*\n((?:  .*\n)+)/m.exec(read('CONTRIBUTING.md')) ?? [];
  const listedFolders = [...listed.matchAll(/^ {2}(\w+)\/ /gm)].map(([, name]) => name);
  const [, stairs = ''] = /const stairs = (\[[^\]]*\])/.exec(read('.dependency-cruiser.cjs')) ?? [];
  expect(listedFolders).toEqual([...stairs.matchAll(/'(\w+)'/g)].map(([, name]) => name));
});

test.each(texts)('%s links only to files and headings that exist', (page) => {
  const dead = relativeLinksOf(read(page)).filter(({ path, anchor }) => {
    const target = path === '' ? page : normalize(join(dirname(page), path)).replace(/\/$/, '');
    return !known.has(target) || (anchor !== '' && !anchorsOf(read(target)).includes(anchor));
  });
  expect(dead).toEqual([]);
});

test('docs/adr/README.md has a line for each decision, in order, with its title and what it decides', () => {
  const decisions = files.filter((file) => /^docs\/adr\/\d{4}-.*\.md$/.test(file)).sort();
  const titles = decisions.map((file) => {
    const [, title = ''] = /^# (.*)/.exec(read(file)) ?? [];
    return `| [${title}](${basename(file)}) |`;
  });
  const lines = read('docs/adr/README.md')
    .split('\n')
    .filter((line) => line.startsWith('| ['));
  expect(lines.map((line) => line.replace(/(?<=\.md\) \|).*/, ''))).toEqual(titles);
  expect(lines.filter((line) => !/\.md\) \| \S.* \|$/.test(line))).toEqual([]);
  expect(read('docs/README.md')).toContain('(adr/README.md)');
});

test.each(texts)('%s names only npm scripts that exist', (page) => {
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
  const named = [...read(page).matchAll(/npm run ([\w:-]+)/g)].map(([, name = '']) => name);
  expect(named.filter((name) => scripts[name] === undefined)).toEqual([]);
});

test.each(texts)('%s names only options, alerts and scenarios that deploy.sh has', (page) => {
  const [, usage = ''] = /<<'USAGE'\n([\s\S]*?)^USAGE$/m.exec(read('cluster/shared/usage.sh')) ?? [];
  const commands = [...read(page).matchAll(/\.\/deploy\.sh((?: +--[\w-]+(?: \w[\w,-]*)?)*)/g)].map(
    ([, rest = '']) => rest,
  );
  const words = commands.flatMap((command) => [
    ...(command.match(/--[\w-]+/g) ?? []),
    ...[...command.matchAll(/--(?:alert|scenario) (?!NAME)([\w-]+)/g)].map(([, name = '']) => name),
  ]);
  const offered = new Set(usage.match(/[\w-]+/g));
  expect(words.filter((word) => !offered.has(word))).toEqual([]);
});

test('docs/scaling.md says how to run it first, and has what was measured together at its end', () => {
  const [how = '', measured = ''] = read('docs/scaling.md').split('\n## Measurements\n');
  const figures = /npm run (?:chaos|bench)|\bcommit [0-9a-f]{7}\b/;
  expect(how).not.toMatch(figures);
  expect(how).toMatch(/^## Run it on one machine\n[^]*^## On Kubernetes\n/m);
  expect(measured).toMatch(figures);
  expect(measured).not.toMatch(/^## /m);
});

describe('README.md', () => {
  const readme = read('README.md');

  test('is read in a few minutes: at most 120 lines', () => {
    expect(readme.trimEnd().split('\n').length).toBeLessThanOrEqual(120);
    expect(readme.split('\n').filter((line) => line.length > 130)).toEqual([]);
  });

  test.each(['./deploy.sh --local --alert pod-delete-test', 'npm cit && npm run test:deploy && npm run e2e'])(
    'has the command %s as a line of its own',
    (command) => {
      expect(readme.split('\n')).toContain(command);
    },
  );
});

test('the pages name paths at all', () => {
  const all = pages.flatMap((page) => pathsIn(read(page)));
  expect(all.length).toBeGreaterThan(100);
});
