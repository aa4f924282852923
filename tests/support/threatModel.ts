import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A test as a row names it: `tests/folder/file.test.ts` "full title", where * in the title stands for any text. */
const NAMED_TEST = /`(tests\/[^`]+)` "([^"]+)"/g;

/** One row of docs/threat-model.md. */
export interface ThreatModelRow {
  number: string;
  abuse: string;
  defence: string;
  /** The tests that hold the defence. */
  tests: { file: string; title: string }[];
}

/** A test that was executed: its file below the root, its title with those of its describe blocks, jest's status. */
export interface ExecutedTest {
  file: string;
  title: string;
  status: string;
}

/** The rows of docs/threat-model.md below `root`. */
export function threatModelRows(root: string): ThreatModelRow[] {
  return readFileSync(join(root, 'docs/threat-model.md'), 'utf8')
    .split('\n')
    .filter((line) => /^\| \d+ \|/.test(line))
    .map((line) => line.split(/(?<!\\)\|/).map((cell) => cell.trim()))
    .map(([, number = '', abuse = '', defence = '', tests = '']) => ({
      number,
      abuse,
      defence,
      tests: [...tests.matchAll(NAMED_TEST)].map(([, file = '', title = '']) => ({ file, title })),
    }));
}

/** Whether a test's full title is the one that a row names. */
export function matchesTitle(title: string, pattern: string): boolean {
  const parts = pattern.split('*').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.+')}$`, 'su').test(title);
}

/** What is wrong with the rows' tests in the files that are judged, one sentence each. */
export function missingTests(
  rows: readonly ThreatModelRow[],
  executed: readonly ExecutedTest[],
  isJudged: (file: string) => boolean,
): string[] {
  return rows.flatMap(({ number, tests }) =>
    tests
      .filter(({ file }) => isJudged(file))
      .flatMap(({ file, title }) => {
        const found = executed.filter((test) => test.file === file && matchesTitle(test.title, title));
        if (found.length > 0 && found.every(({ status }) => status === 'passed')) return [];
        const problem = found.length === 0 ? 'there is no such test' : 'it did not pass';
        return [`docs/threat-model.md, row ${number}: ${file} "${title}": ${problem}.`];
      }),
  );
}
