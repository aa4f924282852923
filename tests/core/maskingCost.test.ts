import { mask } from '../../core/text/masking/mask';
import { ARGUMENTS, OPTIONS } from '../../core/text/masking/commandRules';
import { PLACES } from '../../core/text/masking/placeRules';
import { BEGINNING, TOKENS } from '../../core/text/masking/providerTokens';
import { PATH } from '../../core/text/masking/secretValue';
import { ERROR, MAPPING, OBJECT, SENTENCE, SOURCE } from '../../core/text/masking/setting';
import { BETWEEN, WORD } from '../../core/text/masking/words';
import { GITHUB_TOKEN, JWT } from '../support/secrets';
import { superlinear } from '../support/superlinear';

describe("the rules' regular expressions", () => {
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

test('the beginnings of tokens, and what follows them, take linear time', () => {
  expect(superlinear(BEGINNING, true)).toEqual([]);
  for (const { token } of TOKENS) expect([token.source, superlinear(token, false)]).toEqual([token.source, []]);
});

test('what words, paths, sentences and options are read by takes linear time', () => {
  const others = [PATH, SENTENCE, ERROR, MAPPING, OBJECT, SOURCE, BETWEEN, WORD];
  const given = [...OPTIONS.map(({ option }) => option), ...ARGUMENTS.flatMap(({ given, part }) => [given, part])];
  for (const what of [...others, ...given].filter((what) => what !== undefined))
    expect([what.source, superlinear(what, false)]).toEqual([what.source, []]);
  for (const what of others) expect(what.sticky).toBe(true);
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
  ...['a-token-b: ', 'secrets: ', 'token: /var/', 'token:/a/b:ro,', 'token: A b c d e f ', 'a/token: ', 'secret=a ns='],
  ...[
    'http -a b:c ',
    'http -a b',
    'curl -b a=b; ',
    'mc alias set a b c d ',
    'mc ',
    'echo a | su ',
    'echo a',
    '|sudo',
    '|su',
    'su <<< a ',
  ],
  ...['","', '"a","', '\n- ', '\\\n', 'sqlplus a/b@c ', 'htpasswd -b ', 'htpasswd -nb a b; ', 'psexec.py a:b@c '],
  ...[
    'MNO-',
    'Maaaaaaaaaaaaaaaaaaaaaaaaa.',
    '12345678:A',
    's.a',
    '0123456789abcdef',
    'a1b8Q~',
    '.atlasv1.',
    'sk-a',
    'xoxb-',
    'glpat-a.',
  ],
  ...[
    'a://b:c/',
    'a://b:/',
    'a:b',
    'a:b@tcp(',
    '?sig=',
    'machine a login b password c ',
    '--creds a:',
    'AKIA0123456789ABCDEF ',
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
