import fc from 'fast-check';

/** A secret, which the manifest holds where `SECRET` stands. Lengths and characters vary; none is a word. */
export const anySecret: fc.Arbitrary<string> = fc.oneof(
  fc.stringMatching(/^[a-z]{3,8}-[0-9]{2,4}[A-Z][a-z]{2,9}[0-9]$/),
  fc.stringMatching(/^[A-Za-z]{2}[A-Za-z0-9+/]{20,40}[0-9]$/),
  fc
    .stringMatching(/^[a-z]{4,6}[0-9]{2}[!;&%$#~*][a-zA-Z]{3,9}[0-9]$/)
    .filter((text) => !/[;&](?=[\w.-]+=)/.test(text)),
);

const NAMES = [
  'DB_PASSWORD',
  'apiToken',
  'client-secret',
  'MYSQL_PWD',
  'AWS_SECRET_ACCESS_KEY',
  'redis.password',
  'x-api-key',
];
const anyName = fc.constantFrom(...NAMES);

const SECRET = '\u0001';

/** Command lines, word by word. */
const LINES: readonly (readonly string[])[] = [
  ['mysql', '--password', SECRET, 'shop'],
  ['mysql', '-u', 'root', `-p${SECRET}`],
  ['redis-cli', '-h', 'cache', '-a', SECRET, 'ping'],
  ['app', `--db-password=${SECRET}`, '--port', '1'],
  ['env', `DB_PASSWORD=${SECRET}`, 'app'],
  ['curl', '-u', `bob:${SECRET}`, 'http://a.test'],
  ['curl', '-H', `X-Api-Key: ${SECRET}`, 'http://a.test'],
  ['mc', 'alias', 'set', 'm', 'http://minio', 'ACCESS', SECRET],
  ['htpasswd', '-b', '/users', 'bob', SECRET],
  ['sshpass', '-p', SECRET, 'ssh', 'root@host'],
  ['ldapsearch', '-w', SECRET, '-b', 'dc=test'],
];
const anyLine = fc.constantFrom(...LINES);

/** Texts in which a place tells: what a log, an event, an annotation or a ConfigMap's value says. */
const TEXTS: readonly string[] = [
  ...LINES.map((line) => line.join(' ')),
  `password: ${SECRET}`,
  `{"user":"a","password":"${SECRET}"}`,
  `postgres auth with password="${SECRET}" host=db`,
  `user: a\npassword: ${SECRET}\nport: 1`,
  `Authorization: Bearer ${SECRET}${SECRET}`,
];
export const placesInText: fc.Arbitrary<(secret: string) => string> = fc
  .constantFrom(...TEXTS)
  .map((text) => (secret: string) => text.replaceAll(SECRET, secret));

/** A program's arguments as manifests write them: in one list, split in two, or as a script. */
const anyCommand: fc.Arbitrary<object> = fc.oneof(
  anyLine.map((line) => ({ command: line })),
  anyLine.map((line) => ({ args: line })),
  fc.tuple(anyLine, fc.nat(8)).map(([line, at]) => ({ command: line.slice(0, at), args: line.slice(at) })),
  anyLine.map((line) => ({ command: ['sh', '-c', `set -e; ${line.join(' ')}`] })),
  anyLine.map((line) => ({ command: ['bash', '-ec'], args: [line.join(' ')] })),
);

const reference = { name: 'OTHER', valueFrom: { secretKeyRef: { name: 'db', key: 'password' } } };
const anyEnv: fc.Arbitrary<object> = fc
  .tuple(
    anyName,
    fc.shuffledSubarray([
      reference,
      { name: 'EMPTY' },
      { name: 'LEVEL', value: 'debug' },
      { name: 'NODE', valueFrom: { fieldRef: {} } },
    ]),
    fc.nat(4),
  )
  .map(([name, others, at]) => ({ env: [...others.slice(0, at), { name, value: SECRET }, ...others.slice(at)] }));

const anyAction: fc.Arbitrary<object> = fc.oneof(
  anyCommand.map((exec) => ({ exec })),
  anyName.map((name) => ({
    httpGet: {
      path: '/',
      httpHeaders: [
        { name: 'Accept', value: 'a' },
        { name, value: SECRET },
      ],
    },
  })),
);
const anyProbe: fc.Arbitrary<object> = fc.oneof(
  fc
    .tuple(fc.constantFrom('livenessProbe', 'readinessProbe', 'startupProbe'), anyAction)
    .map(([probe, action]) => ({ [probe]: action })),
  fc
    .tuple(fc.constantFrom('postStart', 'preStop'), anyAction)
    .map(([hook, action]) => ({ lifecycle: { [hook]: action } })),
);

const anyContainer = fc.oneof(anyCommand, anyEnv, anyProbe);

const anyVolume: fc.Arbitrary<object> = fc.oneof(
  anyName.map((name) => ({ csi: { driver: 'd', volumeAttributes: { pool: 'a', [name]: SECRET } } })),
  anyName.map((name) => ({ flexVolume: { driver: 'd', options: { [name]: SECRET } } })),
  fc.constant({ cephfs: { mountOptions: ['ro', `password=${SECRET}`] } }),
  fc.constant({ gitRepo: { repository: `https://bob:${SECRET.repeat(2)}@git.test/a` } }),
);

const manifestOf = (container: object) => ({
  kind: 'Deployment',
  spec: { template: { spec: { containers: [container] } } },
});

const anyAnnotations: fc.Arbitrary<object> = fc.oneof(
  anyContainer.map((container) => ({
    'kubectl.kubernetes.io/last-applied-configuration': JSON.stringify(manifestOf(container)),
  })),
  anyContainer.map((container) => ({ previous: JSON.stringify({ saved: JSON.stringify(manifestOf(container)) }) })),
  anyName.map((name) => ({ [`example.test/${name}`]: SECRET })),
  fc.constantFrom(...TEXTS).map((text) => ({ note: text })),
  anyName.map((name) => ({ config: JSON.stringify({ [name]: SECRET, list: [{ key: name, value: SECRET }] }) })),
);

const CONTAINERS = ['initContainers', 'containers', 'ephemeralContainers'] as const;

/** Pods with one secret or more, each of which a name, an option or its form gives away. */
export const anyPod: fc.Arbitrary<string> = fc
  .record({
    annotations: fc.option(anyAnnotations, { nil: {} }),
    volume: fc.option(anyVolume, { nil: {} }),
    kind: fc.constantFrom(...CONTAINERS),
    container: anyContainer,
    other: fc.option(anyContainer, { nil: {} }),
  })
  .map(({ annotations, volume, kind, container, other }) =>
    JSON.stringify({
      metadata: { labels: { app: 'web' }, annotations },
      spec: {
        containers: [{ name: 'main', image: 'nginx', ...other }],
        [kind]: [
          { name: 'first', image: 'nginx', ...other },
          { name: 'second', image: 'nginx', ...container },
        ],
        volumes: [{ name: 'v', ...volume }],
      },
    }),
  );

interface Planted {
  metadata: { annotations: Record<string, string> };
  spec: object;
}

/** The pod with a secret in all of its places, those in texts that are JSON included. */
export function planted(shape: string, secret: string): Planted {
  const put = (value: unknown): unknown => {
    if (typeof value === 'string') return putInText(value);
    if (Array.isArray(value)) return value.map(put);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, put(inner)]));
  };
  const putInText = (text: string): string => {
    if (!/^[[{]/.test(text)) return text.replaceAll(SECRET, secret);
    try {
      return JSON.stringify(put(JSON.parse(text)));
    } catch {
      return text.replaceAll(SECRET, secret);
    }
  };
  return put(JSON.parse(shape)) as Planted;
}
