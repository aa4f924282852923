import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { numberOf, parse } from '../cluster/shared/commandLine';
import { ROOT } from './support/manifests';
import { run } from './support/run';

const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { scripts: Record<string, string> };
/** Those that are a program of ours; the others hand their options to jest, prettier or npm. */
const programs = Object.entries(scripts).flatMap(([name, command]) => {
  const [, file] = /^tsx (\S+)$/.exec(command) ?? [];
  return file === undefined ? [] : [{ name, file }];
});
const TSX = join(ROOT, 'node_modules/.bin/tsx');

/** What a program says of itself, in its file or in the one beside it that reads its options. */
const sourceOf = (file: string): string =>
  [file, file.replace(/\.ts$/, '/options.ts'), file.replace(/[^/]*$/, 'run/options.ts')]
    .filter((path) => existsSync(join(ROOT, path)))
    .map((path) => readFileSync(join(ROOT, path), 'utf8'))
    .join('\n');

test.each(programs)('npm run $name reads its command line, and knows how it is called', ({ name, file }) => {
  const text = sourceOf(file);
  expect(text).toMatch(/readCommandLine\(|new Command\(/);
  expect(text).toMatch(new RegExp(`'npm run ${name}(?: --)?'`));
});

test('there are programs that npm runs', () => {
  expect(programs.length).toBeGreaterThan(10);
});

test.each([
  ['eval', 'eval/eval.ts'],
  ['bench:smoke', 'bench/smoke.ts'],
])(
  'npm run %s -- --help prints its options, and an unknown one ends with 2 and without a stack trace',
  async (name, file) => {
    const [help, unknown] = await Promise.all([run(TSX, [file, '--help']), run(TSX, [file, '--no-such-option'])]);
    expect(help.output).toMatch(new RegExp(`^Usage: npm run ${name} -- \\[options\\]\n[^]*^ +--help {2}`, 'm'));
    expect(help.code).toBe(0);
    expect(unknown.output).toMatch(/^Unknown option '--no-such-option'.*\n--help lists the options\.\s*$/);
    expect(unknown.code).toBe(2);
  },
  60_000,
);

const LINE = {
  command: 'npm run it',
  about: 'Does it.',
  options: {
    many: { type: 'string', default: '3', about: 'how many' },
    to: { type: 'string', value: 'FILE', about: 'where' },
    all: { type: 'boolean', default: false, about: 'all of it' },
  },
  others: 'NAME...',
} as const;

test('parse prints each option with its value and default for --help, whatever else is there', () => {
  expect(() => parse(LINE, ['--wrong', '--help'])).toThrow(
    'Usage: npm run it -- [options] NAME...\n\nDoes it.\n\n' +
      '  --many N   how many (3)\n  --to FILE  where\n  --all      all of it\n  --help     print this, and do nothing',
  );
  expect(parse(LINE, ['--many', '4', 'a'])).toMatchObject({ values: { many: '4', all: false }, positionals: ['a'] });
});

test.each(['', 'x', '0', '11', 'NaN'])('numberOf refuses %j', (text) => {
  expect(() => numberOf('many', text, 1, 10)).toThrow('--many is a number from 1 to 10.');
});
