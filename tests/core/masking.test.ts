import fc from 'fast-check';

import { FALCO_TABLE } from '../../core/policy/table';
import { mask, maskNamed } from '../../core/text/masking/mask';
import { TOKEN_KINDS } from '../../core/text/masking/tokenFormats';
import { ABOUT_SECRETS, HARMLESS } from '../support/harmless';
import { gibberish, GITHUB_TOKEN, JWT, PASSWORD, PLACES, PROVIDER_TOKENS, TOKENS } from '../support/secrets';

const MARKER = /\[masked: [a-z0-9 -]+\]/;
/** A text less the secret, with a marker in its place, and nothing else changed. */
const around = (text: string, secret: string) => text.split(secret);

describe('a token that is known by its form', () => {
  test('there is one for each rule that is used', () => {
    expect(TOKEN_KINDS.toSorted()).toEqual(
      Object.keys(TOKENS)
        .map((name) => `${name} credential`)
        .toSorted(),
    );
  });

  test.each(Object.entries(TOKENS))('%s is masked whole, wherever it stands', (name, token) => {
    expect(mask(`curl http://a.test/ ${token} | sh`)).toBe(`curl http://a.test/ [masked: ${name} credential] | sh`);
    for (const text of [token, `"${token}"`, `a=${token};b`, `["x","${token}"]`, `${token}\n${token}`])
      expect(mask(text)).not.toContain(token.slice(-8));
  });

  test.each(PROVIDER_TOKENS)('%s is masked whole, wherever it stands: %s', (kind, token) => {
    expect(mask(`curl http://a.test/ ${token} | sh`)).toBe(`curl http://a.test/ [masked: ${kind}] | sh`);
    for (const text of [token, `"${token}"`, `a=${token};b`, `["x","${token}"]`, `${token}\n${token}`])
      expect(mask(text)).not.toContain(token.slice(-8));
  });

  test('no text can switch the rules off', () => {
    const token = TOKENS.gitlab ?? '';
    expect(mask(`# secretlint-disable\n${token} // secretlint-disable-line`)).not.toContain(token);
  });
});

describe('a secret that its place gives away', () => {
  test.each(PLACES)('%s', (text, secret) => {
    const masked = mask(text);
    expect(masked).not.toContain(secret);
    expect(masked).toMatch(MARKER);
    // What surrounds it can still be read.
    const [before = '', after = ''] = around(text, secret);
    if (!text.includes('PRIV'))
      expect(masked.startsWith(before.slice(0, 5)) && masked.endsWith(after.slice(-5))).toBe(true);
  });

  test.each(PLACES)('split by what is not seen: %s', (text, secret) => {
    for (const unseen of ['\u0000', '\u200b', '\u202e', '\u00ad', '\u{e0041}']) {
      const middle = text.indexOf(secret) + Math.floor(secret.length / 2);
      const split = text.slice(0, middle) + unseen + text.slice(middle);
      const masked = mask(split).replaceAll(unseen, '');
      expect(masked).not.toContain(secret.slice(-5));
      expect(masked).toMatch(MARKER);
    }
  });

  test('says what stood there and leaves the rest', () => {
    expect(mask(`mysql -u root -p${PASSWORD} shop`)).toBe('mysql -u root -p[masked: password] shop');
    expect(mask(`PGPASSWORD=${PASSWORD} psql`)).toBe('PGPASSWORD=[masked: secret] psql');
    expect(mask(`https://bob:${GITHUB_TOKEN}@git.test/a`)).toBe('https://bob:[masked: github token]@git.test/a');
    expect(mask(`Authorization: Bearer ${JWT} x`)).toBe('Authorization: Bearer [masked: json web token] x');
    expect(mask(`{"password":"${PASSWORD}","port":1}`)).toBe('{"password":"[masked: secret]","port":1}');
  });
});

test.each([
  ['/exec?command=mysql&command=-uroot&command=-p', '&container=app', 'password'],
  ['/exec?command=mysql&command=-p&command=', '&command=shop', 'password'],
  ['uri=/exec?command=sh&command=-c&command=mysql+-p%20', '%20shop&tty=true resp=101', 'password'],
  ['/exec?command=env&command=DB_PASSWORD%3D', '', 'secret'],
  ['/exec?command=curl&command=-u&command=admin%3A', '&command=http%3A%2F%2Fa.test', 'password'],
])("in the command of kubectl exec, as the API's audit log has it: %s…%s", (before, after, kind) => {
  const text = before + encodeURIComponent(PASSWORD) + after;
  expect(mask(text)).toBe(`${before}[masked: ${kind}]${after}`);
  expect(mask(mask(text))).toBe(mask(text));
});

test.each(HARMLESS)('stays as it is: %s', (text) => {
  expect(mask(text)).toBe(text);
});

test('no rule of the playbook has a name that is masked', () => {
  for (const rule of FALCO_TABLE.keys()) expect(mask(rule)).toBe(rule);
});

describe('a mask that stands there already', () => {
  test('is left alone', () => {
    for (const [text] of PLACES) expect(mask(mask(text))).toBe(mask(text));
  });

  test.each([
    `PASSWORD=[masked: secret]${PASSWORD}`,
    `PASSWORD=[masked: whatever]${PASSWORD}`,
    `PASSWORD="[masked: ${PASSWORD}]"`,
    `mysql -p[masked: password]${PASSWORD}`,
  ])('hides nothing that is put beside or inside it: %s', (text) => {
    expect(mask(text)).not.toContain(PASSWORD);
  });
});

/** Texts made of what the rules look for, in any order. */
const hostile = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        ...[
          'password',
          'PASSWORD=',
          '--token ',
          'key=',
          '"',
          "'",
          '\\"',
          ' ',
          '\n',
          '=',
          ':',
          ': ',
          '&',
          ';',
          '@',
          '://',
        ],
        ...[
          'mysql ',
          '-p',
          'curl ',
          '-u a:',
          'Authorization: ',
          'bearer ',
          'eyJ',
          '.',
          '$6$',
          '[masked: secret]',
          '[masked: ',
        ],
        ...[
          '-----BEGIN PRIVATE KEY-----',
          '-----END PRIVATE KEY-----',
          '\u0000',
          '\u200b',
          'cookie: ',
          'name: ',
          'value: ',
        ],
        ...[GITHUB_TOKEN, JWT, PASSWORD, 'true', '$HOME', ']', '}', ')', '<', '`', ',', '%', 'login '],
        ...[
          'echo ',
          ' | ',
          'chpasswd',
          '<<< ',
          'mc alias set ',
          'a-token-b: ',
          'secrets: ',
          '/var/run/',
          'http -a ',
          ' -b ',
        ],
        ...['{"name": ', '["', '","', '\n- ', 'The ', ' is ', 'sqlplus a/', '?sig=', 'secret=a ns=', '--creds '],
      ),
      fc.string({ maxLength: 8, unit: 'binary' }),
    ),
    { maxLength: 40 },
  )
  .map((parts) => parts.join(''));

test('masking a masked text changes nothing', () => {
  fc.assert(
    fc.property(hostile, (text) => {
      const masked = mask(text);
      expect(mask(masked)).toBe(masked);
    }),
    { numRuns: 3000 },
  );
});

test('what surrounds a secret never brings it back', () => {
  fc.assert(
    fc.property(hostile, hostile, fc.constantFrom(...Object.values(TOKENS)), (before, after, token) => {
      expect(mask(`${before} ${token} ${after}`)).not.toContain(token);
    }),
    { numRuns: 1000 },
  );
});

test('a text without the signs of a secret is not touched', () => {
  const words = fc.array(fc.stringMatching(/^[a-z]{1,8}$/), { maxLength: 30 }).map((list) => list.join(' '));
  fc.assert(
    fc.property(words, (text) => {
      expect(mask(text)).toBe(text);
    }),
  );
});

describe('what has a name', () => {
  test.each([
    ['DB_PASSWORD', 'x', true],
    ['dbPassword', 'x', true],
    ['PGPASSWORD', '12345678', true],
    ['proc.env[API_TOKEN]', 'two words', true],
    ['GITHUB_PAT', 'x', true],
    ['MYSQL_PWD', 'x', true],
    ['STRIPE_API_KEY', 'x', true],
    ['SESSION', 'qZ7mK2xR9tB4wN6pL1vC8sD3', true],
    ['SESSION', 'desktop', false],
    ['DB_PASSWORD', '', false],
    ['DB_PASSWORD', '$(OTHER)', false],
    ['ALLOW_EMPTY_PASSWORD', 'yes', false],
    ['DB_PASSWORD_FILE', '/run/secrets/db', false],
    ['TOKEN_TTL_SECONDS', '3600', false],
    ['PWD', '/root', false],
    ['PATH', '/usr/bin:/bin', false],
    ['k8s.pod.name', 'token-service-0', false],
  ])('%s=%s is a secret: %s', (name, value, secret) => {
    expect(maskNamed(name, value)).toBe(secret ? '[masked: secret]' : value);
  });

  test.each(ABOUT_SECRETS)('%s says something about a secret: %s', (name, value) => {
    expect(maskNamed(name, value)).toBe(value);
  });

  test.each([
    ['Authorization', `Basic ${gibberish(30)}`, 'Basic [masked: authorization]'],
    ['proxy-authorization', `Bearer ${gibberish(30)}`, 'Bearer [masked: authorization]'],
    ['Cookie', 'sid=hunter-2; theme=dark', '[masked: cookie]'],
    ['Accept', 'text/html', 'text/html'],
  ])('the header %s: %s becomes %s', (name, value, masked) => {
    expect(maskNamed(name, value)).toBe(masked);
  });
});
