import { loadYaml } from '@kubernetes/client-node';
import fc from 'fast-check';

import { toYaml } from '../../adapters/kubernetes/api/yaml';
import { COMMAND_OPERATORS, type ExceptionMatch } from '../../core/incident/exception';
import { falcoExport } from '../../core/policy/exceptions/falco';
import { matches } from '../../core/policy/exceptions/match';
import stable from '../fixtures/falco-stable.json';
import { alertOf, RECEIVED_AT } from '../support/alerts';
import { exceptionOf, POD, UID } from '../support/exceptions';
import { exceptionCondition, falcoOverridesSchema } from '../support/falcoExceptions';
import { holds, type World } from '../support/falcoCondition';

/** A few of Falco's lists, one with an item that Falco puts in quotes. */
const LISTS = { shell_binaries: ['ash', 'bash'], known_shell_spawn_cmdlines: ['"sh -c uname"', 'sh -c a'] };

const backup = (match: Partial<ExceptionMatch>) => exceptionOf({ match: { namespace: 'shop', ...match } });
const exported = (match: Partial<ExceptionMatch>) => falcoExport([backup(match)], RECEIVED_AT);

/** Whether Falco drops an event by what was exported, read again from its YAML. */
async function drops(match: Partial<ExceptionMatch>, fields: World['fields']): Promise<boolean> {
  const [item] = falcoOverridesSchema.parse(loadYaml(await toYaml(exported(match).items)));
  const [exception] = item?.exceptions ?? [];
  if (exception === undefined) throw new Error('nothing was exported');
  return holds(exceptionCondition(exception, LISTS), { fields, macros: {}, lists: {} });
}

const event = (pod: string, fields: World['fields'] = {}) => ({
  'k8s.ns.name': 'shop',
  'k8s.pod.name': pod,
  'container.image.repository': 'docker.io/acme/backup',
  'proc.pname': 'cron',
  'proc.cmdline': 'tar -czf /backup/etc.tgz /etc',
  ...fields,
});

describe('for Falco, an exception', () => {
  test('is an item that appends to its rule, with a row for each length of a name', () => {
    const {
      items,
      exported: names,
      refused,
    } = exported({
      workload: POD.workload,
      command: { operator: 'startswith', value: 'tar -czf /backup/' },
    });
    expect(refused).toEqual([]);
    expect(names).toEqual([{ name: 'backup-reads-shadow', endsAt: '2026-12-20T10:15:31.000Z' }]);
    expect(items).toMatchObject([
      {
        rule: 'Read sensitive file untrusted',
        exceptions: [
          {
            name: 'backup-reads-shadow',
            fields: ['k8s.ns.name', 'k8s.pod.name', 'proc.cmdline'],
            comps: ['=', 'glob', 'startswith'],
          },
        ],
        override: { exceptions: 'append' },
      },
    ]);
    expect(falcoOverridesSchema.parse(items)).toEqual(items);
    expect(items[0]?.exceptions[0].values.map(([, , command]) => command)).toEqual(
      Array.from({ length: 5 }, () => '"tar -czf /backup/"'),
    );
  });

  test.each([
    ['Deployment', 'backup-7c9d5b6f4-x2k8p', 'backup-tools-7c9d5b6f4-x2k8p'],
    ['ReplicaSet', 'backup-x2k8p', 'backup-7c9d5b6f4-x2k8p'],
    ['DaemonSet', 'backup-x2k8p', 'backup-a-b2k8p'],
    ['StatefulSet', 'backup-12', 'backup-x'],
    ['Job', 'backup-x2k8p', 'backup'],
    ['CronJob', 'backup-29401260-x2k8p', 'backup-x2k8p'],
    ['Pod', 'backup', 'backup-1'],
  ])('of a %s means its pods, and those of no other', async (kind, own, other) => {
    const match = { workload: { kind, name: 'backup' } };
    expect(await drops(match, event(own))).toBe(true);
    expect(await drops(match, event(other))).toBe(false);
    expect(await drops(match, event(own, { 'k8s.ns.name': 'mall' }))).toBe(false);
    const { 'k8s.ns.name': _namespace, ...unknown } = event(own);
    expect(await drops(match, unknown)).toBe(false);
  });

  test('has every part of its match', async () => {
    const match: Partial<ExceptionMatch> = {
      image: 'acme/backup',
      parent: 'cron',
      command: { operator: 'contains', value: '/backup/' },
    };
    expect(await drops(match, event('x'))).toBe(true);
    for (const change of [
      { 'container.image.repository': 'docker.io/acme/other' },
      { 'proc.pname': 'sh' },
      { 'proc.cmdline': 'tar' },
    ])
      expect(await drops(match, event('x', change))).toBe(false);
  });

  test('that has ended is not exported', () => {
    const ended = exceptionOf({ expiresAt: RECEIVED_AT.toISOString() });
    expect(falcoExport([ended], RECEIVED_AT)).toEqual({ items: [], exported: [], refused: [] });
  });

  test.each(Object.keys(stable.rules))('can be of the rule %s', async (rule) => {
    const { items } = falcoExport([exceptionOf({ rule })], RECEIVED_AT);
    expect(falcoOverridesSchema.parse(loadYaml(await toYaml(items)))).toMatchObject([{ rule }]);
  });
});

describe('what Falco would read as something else is refused', () => {
  const command = (value: string, operator: (typeof COMMAND_OPERATORS)[number] = '='): Partial<ExceptionMatch> => ({
    image: 'acme/backup',
    command: { operator, value },
  });
  test.each<[string, Partial<ExceptionMatch>, RegExp]>([
    ['a quote', command('sh -c "id"'), /quote/],
    ['a quote that would end the value', command('x" or evt.num>=0 or proc.name="y'), /quote/],
    ['a backslash', command('echo a\\'), /backslash/],
    ['a line break', command('a\nb'), /cannot be seen/],
    ['a mask', command('curl -H [masked: token] x'), /masked/],
    ['a text that was cut', command('abc[…]'), /cut/],
    ['the name of a list', command('exec shell_binaries now'), /shell_binaries/],
    ['a set of characters', command('tar [a-z]*', 'glob'), /brackets/],
    ['a pattern of patterns', command('tar +(a|b)', 'glob'), /brackets/],
    ['an owner of another kind', { workload: { kind: 'Rollout', name: 'web' } }, /Rollout/],
    ['a long name', { workload: { kind: 'Deployment', name: 'a'.repeat(60) } }, /too long/],
    ['a name that is none', { workload: { kind: 'Deployment', name: '*' } }, /not a Kubernetes name/],
    ['a quote in an image', { image: 'acme/"backup' }, /quote/],
    ['a quote in a parent', { image: 'acme/backup', parent: 'a"b' }, /quote/],
  ])('%s', (_what, match, why) => {
    expect(exported(match)).toEqual({
      items: [],
      exported: [],
      refused: [{ name: 'backup-reads-shadow', why: expect.stringMatching(why) as string }],
    });
  });
});

const ALERT = alertOf('escalate-test', {
  rule: 'Read sensitive file untrusted',
  target: { namespace: 'shop', pod: 'x', podUid: UID, container: null, image: null },
});

test('whatever a command line says, Falco drops only what the exception matches', async () => {
  const word = fc.constantFrom(
    'sh',
    '-c',
    'a"b',
    "'",
    ')',
    'or',
    '(',
    '=',
    ',',
    'shell_binaries',
    '*',
    '?',
    '[a-z]',
    'evt.num>=0',
    '#',
    ': x',
    '- y',
    '\\',
    'é',
    'yes',
  );
  const line = fc.array(word, { minLength: 1, maxLength: 6 }).map((words) => words.join(' '));
  await fc.assert(
    fc.asyncProperty(line, line, fc.constantFrom(...COMMAND_OPERATORS), async (value, said, operator) => {
      const match = { namespace: 'shop', image: 'acme/backup', command: { operator, value } };
      if (exported(match).items.length === 0) return;
      const alert = { ...ALERT, fields: { 'proc.cmdline': said } };
      expect(await drops(match, event('x', { 'proc.cmdline': said }))).toBe(
        matches(backup(match).spec, alert, { ...POD, image: 'acme/backup' }),
      );
    }),
    { numRuns: 500 },
  );
});
