import { execFileSync } from 'node:child_process';

import fc from 'fast-check';

import { exceptionSchema } from '../../core/incident/exception';
import { matches } from '../../core/policy/exceptions/match';
import { applyCommand, type ExceptionWish, proposedException } from '../../core/policy/exceptions/propose';
import { alertOf, contextOf, RECEIVED_AT } from '../support/alerts';
import { POD, UID } from '../support/exceptions';

const alert = alertOf('escalate-test', {
  rule: 'Read sensitive file untrusted',
  target: { namespace: 'shop', pod: 'backup-1', podUid: UID, container: 'main', image: 'acme/backup:3.1' },
  fields: { 'proc.pname': 'cron', 'proc.cmdline': "tar 'a b'" },
});
const context = contextOf(alert, {
  workload: { kind: 'ReplicaSet', name: 'backup-1', desired: 1, ready: 1, contained: 0, top: POD.workload },
});
const WISH: ExceptionWish = {
  parts: ['workload', 'image', 'parent', 'command'],
  owner: 'ann@example.com',
  reason: 'the nightly backup',
  days: 30,
};
const propose = (change: Partial<ExceptionWish> = {}, about = alert, of = context) =>
  proposedException(about, of, { ...WISH, ...change }, RECEIVED_AT);

test('the exception of an alert matches that alert, and says who, why and until when', () => {
  const manifest = propose();
  expect(manifest).toMatchObject({
    metadata: {
      name: expect.stringMatching(/^read-sensitive-file-untrusted-[0-9a-f]{8}$/) as string,
      namespace: 'n8n',
    },
    spec: {
      rule: 'Read sensitive file untrusted',
      match: {
        namespace: 'shop',
        workload: POD.workload,
        image: 'docker.io/acme/backup',
        parent: 'cron',
        command: { operator: '=', value: "tar 'a b'" },
      },
      owner: 'ann@example.com',
      reason: 'the nightly backup',
      expiresAt: '2026-12-21T10:15:31.000Z',
      incident: alert.id,
    },
  });
  expect(matches(manifest.spec, alert, POD)).toBe(true);
  const metadata = { ...manifest.metadata, resourceVersion: '1', creationTimestamp: RECEIVED_AT.toISOString() };
  expect(exceptionSchema.parse({ ...manifest, metadata }).spec).toEqual(manifest.spec);
});

test('only what was asked for is compared, and a bare pod is its own workload', () => {
  expect(propose({ parts: ['image'] }).spec.match).toEqual({ namespace: 'shop', image: 'docker.io/acme/backup' });
  expect(propose({ parts: ['workload'] }, alert, contextOf(alert)).spec.match.workload).toEqual({
    kind: 'Pod',
    name: 'backup-1',
  });
});

test('of one alert it is always the same, of another match another', () => {
  expect(propose().metadata.name).toBe(propose({ reason: 'another', days: 3 }).metadata.name);
  expect(propose().metadata.name).not.toBe(propose({ parts: ['workload'] }).metadata.name);
});

test.each<[string, () => unknown, RegExp]>([
  ['neither workload nor image', () => propose({ parts: ['parent', 'command'] }), /neither a workload nor an image/],
  ['no days', () => propose({ days: 0 }), /1 to 90/],
  ['more than 90 days', () => propose({ days: 91 }), /1 to 90/],
  ['a part of a day', () => propose({ days: 1.5 }), /1 to 90/],
  ['days that are no number', () => propose({ days: NaN }), /1 to 90/],
  ['no owner', () => propose({ owner: ' ' }), /no owner/],
  ['no reason', () => propose({ reason: '' }), /no reason/],
  [
    'a command line that the alert has not',
    () => propose({}, { ...alert, fields: { 'proc.pname': 'a' } }),
    /no command/,
  ],
  [
    'a command line that is too long',
    () => propose({}, { ...alert, fields: { ...alert.fields, 'proc.cmdline': 'x'.repeat(513) } }),
    /no command/,
  ],
  ['a rule that the playbook acts on', () => propose({}, { ...alert, rule: 'Find AWS Credentials' }), /quarantine_pod/],
  ['a report', () => propose({}, { ...alert, trust: 'report' }), /report/],
  ['a priority of Error', () => propose({}, { ...alert, priority: 'error' }), /error and above/],
])('%s: there is none', (_what, make, why) => {
  expect(make).toThrow(why);
});

test('without what the API server said of the pod there is none', () => {
  expect(() => proposedException(alert, undefined, WISH, RECEIVED_AT)).toThrow('nothing is remembered');
});

test('the command gives kubectl exactly the manifest, whatever an attacker wrote into it', () => {
  const nasty = fc.string({
    unit: fc.constantFrom("'", '"', '\\', '$', '`', '\n', '!', ';', '%s', '\u202e', '😀', ' '),
    minLength: 1,
    maxLength: 20,
  });
  fc.assert(
    fc.property(nasty, (cmdline) => {
      const manifest = propose({}, { ...alert, fields: { 'proc.pname': 'a', 'proc.cmdline': cmdline } });
      const command = applyCommand(manifest);
      expect(command).toMatch(/^[\x20-\x7e]+$/);
      expect(command).not.toMatch(/\\[^u]/);
      const given = execFileSync('sh', ['-c', command.replace(/ \| kubectl apply -f -$/, '')], { encoding: 'utf8' });
      expect(JSON.parse(given)).toEqual(manifest);
    }),
    { numRuns: 50 },
  );
});
