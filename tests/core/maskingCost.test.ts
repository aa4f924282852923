import { analyse } from 'scslre';

import { mask } from '../../core/masking/mask';
import { PLACES } from '../../core/masking/placeRules';
import { GITHUB_TOKEN, JWT } from '../support/secrets';

/** What a regular expression may read more than once for some text; `Move` is the search for where a match begins. */
function superlinear({ source, flags }: RegExp, searched: boolean): string[] {
  return analyse({ source, flags }, { reportTypes: { Move: searched, Self: true, Trade: true } }).reports.map(
    ({ type }) => type,
  );
}

describe('the rules’ regular expressions', () => {
  test('the analysis knows a slow one', () => {
    expect(superlinear(/[\w.-]+=/g, true)).toEqual(['Move']);
    expect(superlinear(/(?:a+)+b/y, false)).not.toEqual([]);
  });

  test.each(PLACES.map(({ kind, lead, value }, index) => [`${index}, ${kind},`, lead, value] as const))(
    'rule %s takes linear time',
    (_name, lead, value) => {
      expect(superlinear(lead, true)).toEqual([]);
      expect(superlinear(value, false)).toEqual([]);
      expect(lead.global && value.sticky).toBe(true);
    },
  );
});

const LENGTH = 64 * 1024;
/** Each rule may read a text once, and each round again. */
const MOST_STEPS = 2 * PLACES.length;
const HOSTILE = [
  ...['a', ' ', '"', "'", '\\', '=', '-', '\n', '\u0000', 'a\u200b', '[', ']', '$'],
  ...[
    'k=',
    'k: ',
    '"a":"',
    'a=a&',
    'password=',
    'password="',
    "password='",
    'password=\\"a\\"',
    'password=]',
    'password ',
  ],
  ...['PWD=/', 'key=', 'key=a1b2c3d4e5f6g7h8', '--password ', '--a', '- ', 'name: a value: ', 'name', 'identified by '],
  ...['a://', 'a://b:', 'a://b:c@', 'eyJ', 'eyJ-', 'eyJaaaaaaaa.', '-----BEGIN ', '-----BEGIN PRIVATE KEY-----'],
  ...[
    'authorization: ',
    'authorization: bearer ',
    'cookie: a; ',
    '$6$aaaaaaaa',
    'ghp_',
    'ghs_1_',
    `${'ghs_1_'.repeat(170)}.`,
  ],
  ...[
    'mysql ',
    'mysql -p ',
    "mysql -p'",
    'curl -u ',
    'curl -u a:b ',
    '[masked: secret]',
    '[masked: ',
    'password=[masked: ',
  ],
  ...[`${GITHUB_TOKEN} `, `${JWT}.`, `password=${GITHUB_TOKEN}&`],
].map((part) => part.repeat(Math.ceil(LENGTH / part.length)).slice(0, LENGTH));

const exec = Object.getOwnPropertyDescriptor(RegExp.prototype, 'exec');
afterEach(() => {
  Object.defineProperty(RegExp.prototype, 'exec', exec ?? {});
});

/** Searches made and characters taken by them: what a masking does, counted, not timed. */
function steps(text: string): number {
  const search = exec?.value as RegExp['exec'];
  let count = 0;
  const counting = function (this: RegExp, string: string) {
    const match = search.call(this, string);
    count += 1 + (match?.[0].length ?? 0);
    return match;
  };
  Object.defineProperty(RegExp.prototype, 'exec', { ...exec, value: counting });
  mask(text);
  return count;
}

test('the steps are counted', () => {
  expect(steps('password=a')).toBeGreaterThan('password='.length);
});

test.each(HOSTILE.map((text) => [text.slice(0, 32), text] as const))(
  '64 KiB of %j take steps in proportion to their length',
  (_part, text) => {
    expect(steps(text)).toBeLessThan(MOST_STEPS * LENGTH);
  },
);
