import fc from 'fast-check';

import type { Alert } from '../../core/incident/alert';
import type { FoundContext } from '../../core/incident/context';
import { COMMAND_OPERATORS, endOfException } from '../../core/incident/exception';
import { ALL_PRIORITIES } from '../../core/incident/priority';
import { decidingException, exceptedProposal, noteOf } from '../../core/policy/exceptions/apply';
import { floorOfAlert } from '../../core/policy/exceptions/floor';
import { matchesGlob } from '../../core/policy/exceptions/glob';
import { repositoryOf } from '../../core/policy/exceptions/image';
import { candidates, matches } from '../../core/policy/exceptions/match';
import { decide } from '../../core/policy/decide';
import { playbook } from '../../core/policy/playbook';
import { applyPolicy } from '../../core/policy/policy';
import { refuseRelease } from '../../core/policy/release';
import { acts } from '../../core/policy/strength';
import { RECORD_STATES } from '../../core/incident/quarantineState';
import stable from '../fixtures/falco-stable.json';
import { alertOf, contextOf, RECEIVED_AT } from '../support/alerts';
import { DAY_MS, exceptionOf, POD, UID } from '../support/exceptions';
import { linkOf } from '../support/incidents';
import { NO_MODEL } from '../support/modelRun';

const target = {
  namespace: 'shop',
  pod: 'backup-1',
  podUid: UID,
  container: 'main',
  image: 'docker.io/acme/backup:3.1',
};
const ALERT = alertOf('escalate-test', {
  rule: 'Read sensitive file untrusted',
  priority: 'warning',
  target,
  fields: { 'proc.pname': 'cron', 'proc.cmdline': 'tar -czf /backup/etc.tgz /etc' },
});
const alertOn = (change: Partial<Alert> = {}): Alert => ({ ...ALERT, ...change });

const NOTE = noteOf(exceptionOf());
const excepted = (alert: Alert, change: Parameters<typeof contextOf>[1] = {}): FoundContext => ({
  ...contextOf(alert, { workload: null, ...change }),
  exception: NOTE,
});
const decided = (alert: Alert, context: FoundContext, now = RECEIVED_AT) =>
  decide({ proposal: playbook(alert), alert, context, mode: 'autonomous', run: NO_MODEL, now });

test('an alert that an exception matches is ignored as a false positive, and the decision names it', () => {
  const alert = alertOn();
  expect(decided(alert, contextOf(alert)).decision).toBe('escalate');
  expect(decided(alert, excepted(alert))).toMatchObject({
    decision: 'ignore',
    classification: 'false_positive',
    exception: 'backup-reads-shadow',
    reason: 'Exception backup-reads-shadow of ann@example.com, until 2026-12-20: the nightly backup',
    guardrails: [],
  });
});

describe('an exception counts for nothing', () => {
  const of = (rule: string): Partial<Alert> => ({ rule, priority: 'notice', tags: [] });
  const CASES: [what: string, alert: Partial<Alert>, context?: Parameters<typeof contextOf>[1]][] = [
    ['where the playbook isolates', of('Find AWS Credentials')],
    ['where the playbook deletes', of('Netcat Remote Code Execution in Container')],
    ['for a tag by which the playbook isolates', { rule: 'Ours', priority: 'warning', tags: ['T1611'] }],
    ['for a rule that means an escape', of('Debugfs Launched in Privileged Container')],
    ['for a priority of Error', { priority: 'error' }],
    [
      'for a priority that the administrator chose',
      { priority: 'notice' },
      { configuration: { exceptionsBelow: 'notice' } },
    ],
    ['for a priority that is not known', { priority: 'unknown' }],
    ['for a report', { trust: 'report' }],
    ['for an alert of another source', { source: 'alertmanager' }],
    ['for an alert without its pod', { target: null }],
    ["for an alert without its pod's uid", { target: { ...target, podUid: null } }],
    ['for another pod', {}, { pod: { uid: 'another' } }],
    ['in an infrastructure namespace', { target: { ...target, namespace: 'kube-system' } }],
    ['while the ResponsePolicy cannot be read', {}, { policy: { status: 'unreadable', detail: 'no answer' } }],
    [
      'for a pod in quarantine',
      {},
      { quarantine: { state: 'Quarantined', incident: 'x', until: '2026-12-01T00:00:00.000Z' } },
    ],
    [
      'where the administrator has the rule contained first',
      {},
      {
        pod: { owner: { kind: 'ReplicaSet', name: 'backup-1', uid: 'x' } },
        configuration: {
          containFirst: { namespaces: ['shop'], rules: ['Read sensitive file untrusted'], kinds: [] },
        },
      },
    ],
    ['for the last pass of an incident with other alerts', { incident: linkOf('30 times') }],
  ];

  test.each(CASES)('%s', (...[, change, context]) => {
    const alert = alertOn(change);
    expect(decidingException(alert, excepted(alert, context), RECEIVED_AT)).toBeNull();
    expect(decided(alert, excepted(alert, context))).toEqual(decided(alert, contextOf(alert, context)));
  });

  test('without a context, or after its end', () => {
    const alert = alertOn();
    expect(decidingException(alert, undefined, RECEIVED_AT)).toBeNull();
    expect(decidingException(alert, excepted(alert), new Date(NOTE.endsAt))).toBeNull();
    expect(decidingException(alert, excepted(alert), new Date(Date.parse(NOTE.endsAt) - 1))).toEqual(NOTE);
  });

  test('for a release: it was made before what isolated the pod', () => {
    const alert = alertOn();
    const decision = decided(alert, excepted(alert));
    const context = contextOf(alert, { quarantine: { state: 'Quarantined', incident: alert.id, until: NOTE.endsAt } });
    expect(refuseRelease({ alert, decision, context, mode: 'autonomous', approved: false })).toMatchObject({
      guardrails: ['release'],
    });
  });
});

test('the last pass of an incident of its own is ignored too: what follows matches it as well', () => {
  const alert = alertOn({ incident: { ...linkOf('30 times'), exception: NOTE.name } });
  expect(decided(alert, excepted(alert)).decision).toBe('ignore');
});

describe('whatever an alert says', () => {
  const text = fc.oneof(fc.string({ maxLength: 40 }), fc.constantFrom('tar', 'cron', '*', '?', 'tar -czf /backup/'));
  const rules = fc.oneof(fc.constantFrom(...Object.keys(stable.rules)), fc.string({ minLength: 1, maxLength: 20 }));
  const anyAlert = fc
    .record({
      rule: rules,
      priority: fc.constantFrom(...ALL_PRIORITIES),
      tags: fc.array(fc.constantFrom('T1611', 'T1620', 'T1059', 'maturity_stable', 'maturity_sandbox'), {
        maxLength: 3,
      }),
      trust: fc.constantFrom('kernel' as const, 'report' as const),
      bound: fc.constantFrom(null, 'the last one'),
      namespace: fc.constantFrom('shop', 'kube-system'),
      pname: text,
      cmdline: text,
    })
    .map(({ bound, namespace, pname, cmdline, ...alert }) =>
      alertOn({
        ...alert,
        target: { ...target, namespace },
        incident: linkOf(bound),
        fields: { 'proc.pname': pname, 'proc.cmdline': cmdline },
      }),
    );
  const anyContext = fc.record({
    state: fc.option(fc.constantFrom('Isolating', ...RECORD_STATES)),
    below: fc.constantFrom('warning' as const, 'error' as const, 'emergency' as const),
  });

  test('an exception ends what would have been asked or ignored, and lifts only guardrails that ask a person', () => {
    fc.assert(
      fc.property(anyAlert, anyContext, (alert, { state, below }) => {
        const change = {
          configuration: { exceptionsBelow: below },
          quarantine: state === null ? null : { state, incident: 'x', until: NOTE.endsAt },
        };
        const decision = decided(alert, excepted(alert, change));
        const without = decided(alert, contextOf(alert, change));
        if (decision.exception === undefined) {
          expect(decision).toEqual(without);
          return;
        }
        expect(acts(playbook(alert).decision)).toBe(false);
        expect(['ignore', 'escalate']).toContain(without.decision);
        const ignored = { decision: 'ignore' as const, confidence: 1, mode: 'autonomous' as const, approved: false };
        const { guardrails } = applyPolicy({ ...ignored, alert, context: contextOf(alert, change) });
        for (const { guardrail } of guardrails)
          expect(['ignore_floor', 'incident_bound', 'ignore_on_model']).toContain(guardrail);
      }),
      { numRuns: 1000 },
    );
  });

  test('what code in the pod can write makes no alert match without the right pod', () => {
    const other = fc.record({
      namespace: fc.constantFrom('shop', 'mall'),
      workload: fc.constantFrom(POD.workload, { kind: 'Deployment', name: 'web' }, { kind: 'Pod', name: 'backup' }),
      image: fc.constantFrom(POD.image, 'acme/web:1', null),
      uid: fc.constantFrom(UID, 'another'),
    });
    const matcher = fc.record({
      parent: fc.option(
        text.filter((value) => value !== ''),
        { nil: undefined },
      ),
      command: fc.option(
        fc.record({ operator: fc.constantFrom(...COMMAND_OPERATORS), value: text.filter((value) => value !== '') }),
        { nil: undefined },
      ),
    });
    fc.assert(
      fc.property(
        anyAlert,
        other,
        matcher,
        fc.constantFrom('workload', 'image', 'both', 'neither'),
        (alert, pod, part, by) => {
          const { spec } = exceptionOf({
            rule: alert.rule,
            match: {
              namespace: 'shop',
              ...(by === 'workload' || by === 'both' ? { workload: POD.workload } : {}),
              ...(by === 'image' || by === 'both' ? { image: 'docker.io/acme/backup' } : {}),
              ...part,
            },
          });
          if (!matches(spec, alert, pod)) return;
          expect(by).not.toBe('neither');
          expect([pod.uid, pod.namespace]).toEqual([alert.target?.podUid, 'shop']);
          if (by !== 'image') expect(pod.workload).toEqual(POD.workload);
          if (by !== 'workload') expect(pod.image).toBe(POD.image);
        },
      ),
      { numRuns: 1000 },
    );
  });
});

describe('an exception matches', () => {
  const command = (operator: (typeof COMMAND_OPERATORS)[number], value: string) => ({ operator, value });
  const CASES: [match: object, expected: boolean][] = [
    [{ workload: POD.workload }, true],
    [{ workload: { kind: 'StatefulSet', name: 'backup' } }, false],
    [{ image: 'acme/backup' }, true],
    [{ image: 'docker.io/acme/backup:1@sha256:0' }, true],
    [{ image: 'acme/backup-tools' }, false],
    [{ workload: POD.workload, parent: 'cron' }, true],
    [{ workload: POD.workload, parent: 'cro' }, false],
    [{ workload: POD.workload, command: command('=', 'tar -czf /backup/etc.tgz /etc') }, true],
    [{ workload: POD.workload, command: command('=', 'tar') }, false],
    [{ workload: POD.workload, command: command('startswith', 'tar -czf ') }, true],
    [{ workload: POD.workload, command: command('endswith', ' /etc') }, true],
    [{ workload: POD.workload, command: command('endswith', 'tar') }, false],
    [{ workload: POD.workload, command: command('contains', '/backup/') }, true],
    [{ workload: POD.workload, command: command('glob', 'tar -czf /backup/*.tgz /e??') }, true],
    [{ workload: POD.workload, command: command('glob', 'tar') }, false],
    [{}, false],
    [{ command: command('glob', '*') }, false],
  ];
  test.each(CASES)('%j: %s', (match, expected) => {
    expect(matches(exceptionOf({ match: { namespace: 'shop', ...match } }).spec, alertOn(), POD)).toBe(expected);
  });

  test("not by the image of another container of the pod, nor by one that only Falco's report has", () => {
    const { spec } = exceptionOf({ match: { namespace: 'shop', image: 'acme/backup' } });
    expect(matches(spec, alertOn(), { ...POD, image: null })).toBe(false);
    expect(matches(spec, alertOn({ target: { ...target, image: 'acme/other:1' } }), POD)).toBe(false);
    expect(matches(spec, alertOn({ target: { ...target, image: null } }), POD)).toBe(true);
  });

  test('no alert without the text that it compares', () => {
    const { spec } = exceptionOf({
      match: { namespace: 'shop', workload: POD.workload, command: command('glob', '*') },
    });
    expect(matches(spec, alertOn({ fields: {} }), POD)).toBe(false);
    expect(matches(spec, alertOn({ fields: { 'proc.cmdline': null } }), POD)).toBe(false);
  });
});

describe('an exception ends', () => {
  test('when it says, and after 90 days whatever it says', () => {
    const made = new Date('2026-01-01T00:00:00Z');
    const until = (expiresAt: string) => endOfException(exceptionOf({ expiresAt }, {}, made)).toISOString();
    expect(until('2026-01-02T00:00:00Z')).toBe('2026-01-02T00:00:00.000Z');
    expect(until('9999-01-01T00:00:00Z')).toBe('2026-04-01T00:00:00.000Z');
  });

  test('and is then not even a candidate, nor is one of another rule', () => {
    const [own, other] = [exceptionOf(), exceptionOf({ rule: 'another' })];
    expect(candidates([own, other], alertOn(), RECEIVED_AT)).toEqual([own]);
    expect(candidates([own, other], alertOn(), endOfException(own))).toEqual([]);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 400 }), fc.integer({ min: -10, max: 400 }), (age, left) => {
        const made = new Date(RECEIVED_AT.getTime() - age * DAY_MS);
        const expiresAt = new Date(RECEIVED_AT.getTime() + left * DAY_MS).toISOString();
        const found = candidates([exceptionOf({ expiresAt }, {}, made)], alertOn(), RECEIVED_AT);
        expect(found).toHaveLength(left > 0 && age < 90 ? 1 : 0);
      }),
    );
  });
});

describe('a pattern', () => {
  test('means what a regular expression of the same form means', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?', '.'), maxLength: 8 });
    fc.assert(
      fc.property(letters, fc.string({ unit: fc.constantFrom('a', 'b', '.', '*'), maxLength: 10 }), (pattern, said) => {
        const expected = new RegExp(
          `^${pattern.replace(/[.*?]/g, (sign) => ({ '.': '\\.', '*': '[^]*', '?': '[^]' })[sign] ?? '')}$`,
        );
        expect(matchesGlob(pattern, said)).toBe(expected.test(said));
      }),
      { numRuns: 1000 },
    );
  });

  test('against which a regular expression would never end, ends', () => {
    expect(matchesGlob(`${'*a'.repeat(250)}*b`, 'a'.repeat(4096))).toBe(false);
  });
});

test.each([
  ['nginx', 'docker.io/library/nginx'],
  ['nginx:1.29', 'docker.io/library/nginx'],
  ['acme/backup:3@sha256:aa', 'docker.io/acme/backup'],
  ['registry.example.com:5000/team/app:1', 'registry.example.com:5000/team/app'],
  ['localhost/app', 'localhost/app'],
  ['docker.io/library/nginx', 'docker.io/library/nginx'],
])('%s is of the repository %s', (image, repository) => {
  expect(repositoryOf(image)).toBe(repository);
});

test('a floor that needs no reading is one with it, too', () => {
  for (const rule of Object.keys(stable.rules)) {
    const alert = alertOn({ rule });
    if (floorOfAlert(alert) !== null) expect(decidingException(alert, excepted(alert), RECEIVED_AT)).toBeNull();
  }
});

test("an exception's texts are shown as harmless as every other", () => {
  const { owner, reason } = noteOf(exceptionOf({ owner: 'ann\u202e', reason: `a\nb${'x'.repeat(5000)}` }));
  expect(owner).toBe('ann\\u{202e}');
  expect(exceptedProposal({ name: 'a', owner, reason, endsAt: NOTE.endsAt }).reason.length).toBeLessThanOrEqual(1500);
});
