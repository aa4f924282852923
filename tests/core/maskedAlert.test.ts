import fc from 'fast-check';

import { sanitize } from '../../core/text/sanitize';
import { alertOf, normaliseAlert, payload, RECEIVED_AT } from '../support/alerts';
import { GITHUB_TOKEN, gibberish, PASSWORD, PLACES, TOKENS } from '../support/secrets';

const read = (change: Record<string, unknown>, fields: Record<string, unknown> = {}) =>
  normaliseAlert(payload('pod-delete-test', change, fields), RECEIVED_AT, 'kernel');

/** Every way by which a text of the sender's gets into an alert. */
const WAYS: readonly [way: string, send: (text: string) => ReturnType<typeof read>][] = [
  ['output', (text) => read({ output: text })],
  ['rule', (text) => read({ rule: text })],
  ['tags', (text) => read({ tags: ['container', text] })],
  ['hostname', (text) => read({ hostname: text })],
  ['a field', (text) => read({}, { 'proc.cmdline': text })],
  ["a field's name", (text) => read({}, { [text]: 1 })],
  ['a list in a field', (text) => read({}, { 'proc.aname': ['sh', { cmdline: text }] })],
  ['what says where the code lives', (text) => read({}, { git_repo: text })],
];

describe.each(WAYS)('by %s', (_way, send) => {
  test.each(Object.entries(TOKENS))('no %s token gets into an alert', (_name, token) => {
    expect(JSON.stringify(send(`a ${token} b`))).not.toContain(token.slice(0, 40));
  });

  test('no secret gets into an alert that its place gives away', () => {
    for (const [text, secret] of PLACES) {
      const plain = text.slice(0, 120);
      if (!plain.includes(secret)) continue;
      expect(JSON.stringify(send(plain))).not.toContain(JSON.stringify(secret).slice(1, -1));
    }
  });
});

test('a field with the name of a secret is masked whole', () => {
  const { fields, infrastructure } = read(
    {},
    { 'proc.env[DB_PASSWORD]': 'two words', 'ka.auth.token': 12345678, git_token: PASSWORD, 'proc.pid': 12345678 },
  );
  expect(fields).toMatchObject({
    'proc.env[DB_PASSWORD]': '[masked: secret]',
    'ka.auth.token': '[masked: secret]',
    'proc.pid': 12345678,
  });
  expect(infrastructure.git_token).toBe('[masked: secret]');
});

test("a program's arguments are read with its name", () => {
  const { fields } = read({}, { 'proc.name': 'mysql', 'proc.args': `-u root -p${PASSWORD} shop` });
  expect(fields['proc.args']).toBe('-u root -p[masked: password] shop');
});

test('a list of arguments in a field is read as one command line', () => {
  const { fields } = read({}, { a: ['redis-cli', '-a', PASSWORD], b: { command: ['app', '--password', 'two words'] } });
  expect(fields.a).toBe('["redis-cli","-a","[masked: password]"]');
  expect(fields.b).toBe('{"command":["app","--password","[masked: secret]"]}');
  const many = read({}, { a: Array.from({ length: 5000 }, (_, index) => String(index)) }).fields.a;
  expect(many).toMatch(/^\["0","1",.*\[…\]$/);
  const long = read({}, { a: ['x'.repeat(2040), `${GITHUB_TOKEN} `.repeat(500)] }).fields.a;
  expect(long).not.toContain(GITHUB_TOKEN.slice(4, 10));
});

describe('masking changes', () => {
  test('nothing about the target, whatever its names say', () => {
    const named = {
      'k8s.ns.name': 'secret',
      'k8s.pod.name': 'password.token-0',
      'container.name': 'api-key',
      'container.image.repository': `registry.test/token=${PASSWORD}`,
      'container.image.tag': gibberish(40),
    };
    expect(read({}, named).target).toMatchObject({
      namespace: 'secret',
      pod: 'password.token-0',
      container: 'api-key',
      image: `registry.test/token=${PASSWORD}:${gibberish(40)}`,
    });
  });

  test('nothing about which alerts are the same', () => {
    const [one, two] = ['a', 'b'].map((secret) => ({
      rule: `password=${secret}`,
      output: `token=${secret}`,
    }));
    const [first, second] = [read(one ?? {}), read(two ?? {})];
    expect(first.rule).toBe(second.rule);
    expect(first.output).toBe(second.output);
    expect(first.fingerprint).not.toBe(second.fingerprint);
    expect(first.id).not.toBe(second.id);
    // As they were before anything was masked.
    expect(alertOf('pod-delete-test').fingerprint).toBe('1dc2258df10f84cff4bddfbf4746f0e3');
    expect(read({ source: 'k8s_audit', output: `password=${PASSWORD}` }).id).toBe('a0840a7ad5651b449e566db3a354e508');
  });

  test('nothing about an alert without secrets', () => {
    const { output, fields } = alertOf('pod-quarantine-test');
    expect(output).toBe(payload('pod-quarantine-test').output);
    expect(fields).toMatchObject({ 'proc.cmdline': payload('pod-quarantine-test').output_fields['proc.cmdline'] });
  });
});

describe('a text that is cut', () => {
  const LIMIT = 200;

  test('shows no part of a secret, wherever the cut falls', () => {
    for (let before = 0; before < LIMIT + 10; before++) {
      const shown = sanitize(`${'x'.repeat(before)} ${GITHUB_TOKEN} ${'y'.repeat(LIMIT)}`, LIMIT);
      expect(shown).not.toContain(GITHUB_TOKEN.slice(4, 10));
      expect(shown.length).toBeLessThanOrEqual(LIMIT + '[…]'.length);
    }
  });

  test('shows no part of a secret at the end of what is read, however much is masked before it', () => {
    for (let shift = 0; shift < 120; shift++) {
      const masked = `password=${gibberish(200 + shift)} `.repeat(200);
      for (const tail of [GITHUB_TOKEN, `a://b:${gibberish(99)}@c`]) {
        const shown = sanitize((masked + `${tail} `.repeat(900)).slice(-40_000), LIMIT);
        expect(shown).not.toContain(tail.slice(6, 12));
      }
    }
  });

  test('of a secret that is longer than what is read says that it was masked', () => {
    expect(sanitize(`password=${gibberish(50_000)}`, LIMIT)).toBe('password=[masked: secret][…]');
    expect(sanitize(gibberish(50_000), LIMIT, 'DB_PASSWORD')).toBe('[masked: secret][…]');
  });

  test('has nothing deceptive in it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), fc.nat(400), (text, limit) => {
        const shown = sanitize(text, limit);
        expect(shown).not.toMatch(/[\p{Cc}\p{Cf}\p{Co}\p{Cs}\u2028\u2029]/u);
      }),
    );
  });
});
