import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { ROOT } from './support/manifests';

/** Words that make a fast reader stumble, and what this project writes instead. */
const GLOSSARY: readonly [not: RegExp, but: string][] = [
  [/\bbears?\b(?! interest)/i, 'has'],
  [/\b(?:told|tells?|telling) of\b/i, 'notified, reported'],
  [/\bwhoever\b/i, 'the name of the actor'],
  [/\b(?:anew|once more)\b/i, 'again'],
  [/\bpassed over\b/i, 'skipped, ignored'],
  [/\bfor want of\b/i, 'without, because … is missing'],
  [/\bovertaken\b/i, 'what happened, such as "another write came first"'],
  [/\buntold\b/i, 'not reported yet'],
  [/\brehearsals?\b/i, 'dry run'],
  [/\bMind:/, 'Note:'],
];

/** What people read of this project; the changelog's history is not among it. */
const PAGES = ['README.md', 'CONTRIBUTING.md', 'deploy.sh', 'docs', 'workflows', 'manifests'];
const CODE = ['core', 'app', 'adapters', 'nodes', 'gate', 'credentials', 'cluster', 'bench', 'eval', 'tests'];
const TEXT = /\.(?:md|ts|sh|ya?ml|json|ejs)$/;
const DATA = /package-lock\.json$|\/servers\/|\/fixtures\/|^eval\/cases\/|language\.test\.ts$/;

const lines = execFileSync('git', ['ls-files', '--', ...PAGES, ...CODE], { cwd: ROOT, encoding: 'utf8' })
  .split('\n')
  .filter((file) => TEXT.test(file) && !DATA.test(file))
  .flatMap((file) =>
    readFileSync(join(ROOT, file), 'utf8')
      .split('\n')
      .map((text, index) => ({ at: `${file}:${index + 1}`, text })),
  );

test.each(GLOSSARY)('nothing that people read says %p', (not, but) => {
  const found = lines
    .filter(({ text }) => not.test(text))
    .map(({ at, text }) => `${at}: write "${but}": ${text.trim()}`);
  expect(found).toEqual([]);
});

test('there is much to read', () => {
  expect(lines.length).toBeGreaterThan(10_000);
});
