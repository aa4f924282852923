import fc from 'fast-check';

import type { Alert } from '../../core/incident/alert';
import { ALL_PRIORITIES } from '../../core/incident/priority';
import type { TargetContext, WorkloadContext } from '../../core/incident/context';
import { RESPONSE_MODES } from '../../core/incident/mode';
import { decide } from '../../core/policy/decide';
import { DECISIONS } from '../../core/incident/decision';
import { GUARDRAILS } from '../../core/policy/guardrails';
import { playbook } from '../../core/policy/playbook';
import { applyPolicy, type PolicyInput } from '../../core/policy/policy';
import { acts, isStronger } from '../../core/policy/strength';
import { INFRASTRUCTURE_NAMESPACES } from '../../core/names';
import further from '../fixtures/falco-further.json';
import stable from '../fixtures/falco-stable.json';
import {
  ALERT_NAMES,
  alertOf,
  CONFIGURATION,
  contextOf,
  normaliseAlert,
  payload,
  RECEIVED_AT,
} from '../support/alerts';
import { linkOf } from '../support/incidents';

const alert = alertOf();
const at = (namespace: string): Partial<Alert> => ({
  target: { namespace, pod: 'web', podUid: null, container: null, image: null },
});

const PRIVILEGED = { kind: 'privileged' as const, detail: 'container main is privileged' };

/** What an administrator may let a model do alone: nothing, each thing, everything. */
const SETTINGS = [
  {},
  { deleteOnModel: true },
  { quarantineOnModel: true },
  { ignoreOnModel: true },
  { deleteOnModel: true, quarantineOnModel: true, ignoreOnModel: true },
];

const QUARANTINED = { state: 'Quarantined', incident: 'one', until: '2026-11-22T00:00:00.000Z' };

const replicas = (change: Partial<WorkloadContext>): WorkloadContext => ({
  kind: 'ReplicaSet',
  name: 'web-1',
  desired: 4,
  ready: 4,
  contained: 0,
  top: { kind: 'Deployment', name: 'web' },
  ...change,
});

/** Of an incident in an autonomous workflow, proposed by somebody who is sure, approved by nobody. */
const USUAL = { confidence: 1, mode: 'autonomous' as const, approved: false };

function judged(input: Partial<PolicyInput>) {
  const subject = input.alert ?? alert;
  return applyPolicy({ ...USUAL, decision: 'delete_pod', alert: subject, context: contextOf(subject), ...input });
}

test('a pod that may be acted on is acted on', () => {
  expect(judged({})).toEqual({ decision: 'delete_pod', guardrails: [] });
});

describe('guardrails', () => {
  const noUid = alertOf('pod-delete-test', at('playground'));
  const quarantined = alertOf('pod-quarantine-test');
  /** The playbook asks a person about it. */
  const unknown = alertOf('test-shell', { rule: "A rule of one's own" });
  const gone: TargetContext = { status: 'gone', readAt: RECEIVED_AT.toISOString(), detail: 'no such pod' };

  const LATE = { why: 'unfinished', tries: 2, acts: false } as const;

  /** At least one case of each guardrail, where it applies. */
  const APPLIES: [guardrail: string, input: Partial<PolicyInput>, expected: string][] = [
    ['unknown_target', { alert: alertOf('pod-delete-test', { target: null }) }, 'escalate'],
    ['unknown_target', { alert: alertOf('pod-delete-test', { target: null }), decision: 'ignore' }, 'escalate'],
    ['unknown_priority', { alert: alertOf('test-shell', { priority: 'unknown' }), decision: 'ignore' }, 'escalate'],
    ['infrastructure_namespace', { alert: alertOf('pod-delete-test', at('kube-system')) }, 'escalate'],
    ['source_trust', { alert: alertOf('pod-delete-test', { trust: 'report' }) }, 'escalate'],
    ['late_alert', { alert: alertOf('pod-delete-test', { late: LATE }) }, 'escalate'],
    [
      'another_cluster',
      {
        alert: alertOf('pod-delete-test', { infrastructure: { cluster_name: 'staging' } }),
        context: contextOf(alert, { configuration: { clusterName: 'production' } }),
      },
      'escalate',
    ],
    [
      'another_cluster',
      {
        alert: alertOf('pod-delete-test', { fields: { ...alert.fields, 'ka.cluster.name': 'staging' } }),
        context: contextOf(alert, { configuration: { clusterName: 'production' } }),
      },
      'escalate',
    ],
    ['live_context', { context: undefined }, 'escalate'],
    ['live_context', { context: gone }, 'escalate'],
    ['effective_mode', { context: contextOf(alert, { mode: 'observe' }) }, 'escalate'],
    ['effective_mode', { context: contextOf(alert, { mode: 'supervised' }) }, 'escalate'],
    ['pod_identity', { context: contextOf(alert, { pod: { uid: 'another' } }) }, 'escalate'],
    ['pod_identity', { alert: noUid, context: contextOf(noUid) }, 'quarantine_pod'],
    [
      'pod_identity',
      { alert: noUid, context: contextOf(noUid, { pod: { createdAt: '2026-11-21T10:15:30.000Z' } }) },
      'escalate',
    ],
    [
      'host_network',
      { decision: 'quarantine_pod', context: contextOf(alert, { pod: { hostNetwork: true } }) },
      'escalate',
    ],
    [
      'isolation_bypass',
      { decision: 'quarantine_pod', context: contextOf(alert, { pod: { bypasses: [PRIVILEGED] } }) },
      'escalate',
    ],
    [
      'isolation_bypass',
      { confidence: 0.79, context: contextOf(alert, { pod: { bypasses: [PRIVILEGED] } }) },
      'escalate',
    ],
    ['host_network', { confidence: 0.79, context: contextOf(alert, { pod: { hostNetwork: true } }) }, 'escalate'],
    ['ignore_floor', { decision: 'ignore' }, 'escalate'],
    [
      'ignore_floor',
      {
        decision: 'ignore',
        alert: alertOf('test-shell'),
        context: contextOf(alertOf('test-shell'), { configuration: { ignoreBelow: 'notice' } }),
      },
      'escalate',
    ],
    [
      'incident_bound',
      { decision: 'ignore', alert: { ...alertOf('test-shell'), incident: linkOf('the last pass of this hour') } },
      'escalate',
    ],
    ['effective_mode', { mode: 'observe' }, 'escalate'],
    ['effective_mode', { context: contextOf(alert, { configuration: { mode: 'observe' } }) }, 'escalate'],
    [
      'readable_configuration',
      { context: contextOf(alert, { policy: { status: 'unreadable', detail: 'no answer' } }) },
      'escalate',
    ],
    ['namespace_deleted', { context: contextOf(alert, { deletingSince: '2026-11-21T10:00:00.000Z' }) }, 'escalate'],
    ['static_pod', { context: contextOf(alert, { pod: { mirror: true } }) }, 'escalate'],
    ['confidence', { confidence: 0.79 }, 'quarantine_pod'],
    ['confidence', { confidence: 0.49 }, 'escalate'],
    ['confidence', { decision: 'quarantine_pod', confidence: 0.49 }, 'escalate'],
    ['delete_floor', { alert: alertOf('pod-delete-test', { priority: 'notice' }) }, 'quarantine_pod'],
    ['delete_on_model', { alert: alertOf('pod-quarantine-test', { priority: 'warning' }) }, 'quarantine_pod'],
    ['delete_on_model', { alert: alertOf('escalate-test') }, 'escalate'],
    ['delete_on_model', { alert: alertOf('test-shell', { priority: 'warning' }) }, 'escalate'],
    ['quarantine_on_model', { decision: 'quarantine_pod', alert: alertOf('escalate-test') }, 'escalate'],
    ['quarantine_on_model', { decision: 'quarantine_pod', alert: alertOf('test-shell') }, 'escalate'],
    ['quarantine_on_model', { decision: 'delete_pod', alert: alertOf('test-shell') }, 'escalate'],
    ['playbook_floor', { decision: 'ignore', alert: quarantined }, 'escalate'],
    ['playbook_floor', { decision: 'ignore', alert: alertOf('pod-delete-test', { priority: 'notice' }) }, 'escalate'],
    ['ignore_on_model', { decision: 'ignore', alert: unknown }, 'escalate'],
    [
      'contained',
      {
        decision: 'ignore',
        alert: alertOf('test-shell'),
        context: contextOf(alertOf('test-shell'), { quarantine: QUARANTINED }),
      },
      'escalate',
    ],
    ['last_ready_replica', { context: contextOf(alert, { workload: replicas({ ready: 1 }) }) }, 'escalate'],
    [
      'last_ready_replica',
      { context: contextOf(alert, { workload: replicas({ ready: 0 }), pod: { ready: false } }) },
      'escalate',
    ],
    [
      'last_ready_replica',
      { context: contextOf(alert, { pod: { owner: { kind: 'ReplicaSet', name: 'web-1', uid: 'u' } } }) },
      'escalate',
    ],
    ['workload_share', { context: contextOf(alert, { workload: replicas({ contained: 2 }) }) }, 'escalate'],
    [
      'budget',
      {
        context: contextOf(alert, {
          policy: { status: 'read', configuration: CONFIGURATION, exhausted: 'the budget of the cluster is spent' },
        }),
      },
      'escalate',
    ],
  ];

  test.each(APPLIES)('%s', (guardrail, input, expected) => {
    const verdict = judged(input);
    expect(verdict.decision).toBe(expected);
    expect(verdict.guardrails.map((note) => note.guardrail)).toContain(guardrail);
  });

  test('each has a case above', () => {
    expect(new Set(APPLIES.map(([guardrail]) => guardrail))).toEqual(new Set(GUARDRAILS.map(({ name }) => name)));
  });

  test.each<[string, Partial<PolicyInput>]>([
    ['a replica among others', { context: contextOf(alert, { workload: replicas({ contained: 1 }) }) }],
    [
      'the only pod of a Job',
      { context: contextOf(alert, { workload: replicas({ kind: 'Job', desired: 1, ready: 1 }) }) },
    ],
    [
      'a pod in quarantine, which is no replica any more',
      { context: contextOf(alert, { workload: replicas({ ready: 0, contained: 4 }), quarantine: QUARANTINED }) },
    ],
    ['a pod that can leave its isolation', { context: contextOf(alert, { pod: { bypasses: [PRIVILEGED] } }) }],
    [
      'where the administrator names the cluster: an alert that names it',
      {
        alert: alertOf('pod-delete-test', { infrastructure: { cluster_name: 'production' } }),
        context: contextOf(alert, { configuration: { clusterName: 'production' } }),
      },
    ],
    [
      'where the administrator names the cluster: an alert that names none',
      { context: contextOf(alert, { configuration: { clusterName: 'production' } }) },
    ],
    [
      'where the administrator does not name the cluster: an alert that does',
      { alert: alertOf('pod-delete-test', { infrastructure: { cluster_name: 'staging' } }) },
    ],
    ['without a proposal there is no confidence to ask for', { confidence: null }],
    ['without a proposal no model asked: another rule', { confidence: null, alert: alertOf('escalate-test') }],
    ['approved by a person: another rule', { approved: true, alert: alertOf('escalate-test') }],
    [
      'where the administrator lets a model delete: another rule',
      {
        alert: alertOf('escalate-test'),
        context: contextOf(alertOf('escalate-test'), { configuration: { deleteOnModel: true } }),
      },
    ],
  ])('%s may be acted on', (_what, input) => {
    expect(judged(input)).toEqual({ decision: 'delete_pod', guardrails: [] });
  });

  test("a person's approval lifts guardrails of judgement and none of identity", () => {
    for (const { name, liftedByApproval, check } of GUARDRAILS)
      expect([name, typeof check, liftedByApproval]).toEqual([
        name,
        'function',
        [
          'unknown_priority',
          'source_trust',
          'late_alert',
          'isolation_bypass',
          'confidence',
          'delete_floor',
          'delete_on_model',
          'quarantine_on_model',
          'ignore_floor',
          'incident_bound',
          'playbook_floor',
          'ignore_on_model',
          'contained',
          'last_ready_replica',
          'workload_share',
          'budget',
        ].includes(name),
      ]);
    const supervised = { context: contextOf(alert, { mode: 'supervised' }), approved: true };
    expect(judged(supervised).decision).toBe('delete_pod');
    expect(judged({ ...supervised, mode: 'observe' }).decision).toBe('escalate');
    expect(judged({ context: contextOf(alert, { mode: 'observe' }), approved: true }).decision).toBe('escalate');
  });

  test('a pod that can leave its isolation is quarantined where every way is accepted, or a person approves', () => {
    const hostPath = { kind: 'host_path' as const, detail: "volume logs is the node's path /var/log" };
    const asked = (isolateDespite: ('privileged' | 'host_path')[], approved = false) =>
      judged({
        decision: 'quarantine_pod',
        approved,
        context: contextOf(alert, { pod: { bypasses: [PRIVILEGED, hostPath] }, configuration: { isolateDespite } }),
      });
    expect(asked(['privileged', 'host_path']).decision).toBe('quarantine_pod');
    const [note] = asked(['host_path']).guardrails;
    expect(note?.reason).toContain('container main is privileged');
    expect(note?.reason).not.toContain('/var/log');
    for (const advice of ['kubectl cordon node', 'delete the pod', 'look at the node'])
      expect(note?.reason).toContain(advice);
    expect(asked([], true)).toEqual({ decision: 'quarantine_pod', guardrails: [] });
  });

  test('a quarantine that is left of a deletion names both reasons, each once', () => {
    const verdict = judged({ confidence: 0.79, context: contextOf(alert, { pod: { bypasses: [PRIVILEGED] } }) });
    expect(verdict.guardrails.map(({ guardrail, from, to }) => [guardrail, from, to])).toEqual([
      ['confidence', 'delete_pod', 'quarantine_pod'],
      ['isolation_bypass', 'quarantine_pod', 'escalate'],
    ]);
  });

  test('a notice may be ignored, unless the playbook would act on it, which a person may', () => {
    expect(judged({ alert: alertOf('test-shell'), decision: 'ignore' }).decision).toBe('ignore');
    const ignored = { alert: quarantined, decision: 'ignore' as const };
    expect(judged(ignored)).toMatchObject({
      decision: 'escalate',
      guardrails: [{ guardrail: 'playbook_floor', reason: expect.stringContaining('quarantine_pod') as string }],
    });
    expect(judged({ ...ignored, approved: true }).decision).toBe('ignore');
  });

  test('what the playbook would not do names the settings that would allow it', () => {
    const named = (setting: string) => expect.stringContaining(`${setting} in the ResponsePolicy`) as string;
    expect(judged({ alert: alertOf('escalate-test') }).guardrails).toEqual([
      { guardrail: 'delete_on_model', from: 'delete_pod', to: 'quarantine_pod', reason: named('deleteOnModel') },
      { guardrail: 'quarantine_on_model', from: 'quarantine_pod', to: 'escalate', reason: named('quarantineOnModel') },
    ]);
    expect(judged({ alert: unknown, decision: 'ignore' }).guardrails).toEqual([
      { guardrail: 'ignore_on_model', from: 'ignore', to: 'escalate', reason: named('ignoreOnModel') },
    ]);
  });

  test.each([
    ['quarantineOnModel', alertOf('escalate-test'), 'quarantine_pod', ['quarantine_pod', 'delete_pod']],
    ['deleteOnModel', alertOf('escalate-test'), 'quarantine_pod', ['quarantine_pod']],
    ['ignoreOnModel', unknown, 'ignore', ['ignore']],
  ] as const)('%s lets a model do that alone', (setting, subject, granted, proposals) => {
    const decided = (configuration: object, proposed: PolicyInput['decision']) =>
      judged({ alert: subject, decision: proposed, context: contextOf(subject, { configuration }) }).decision;
    for (const proposed of DECISIONS) {
      const isGranted = (proposals as readonly string[]).includes(proposed);
      const isDeleted = setting === 'deleteOnModel' && proposed === 'delete_pod';
      expect([proposed, decided({ [setting]: true }, proposed)]).toEqual([
        proposed,
        isDeleted ? 'delete_pod' : isGranted ? granted : 'escalate',
      ]);
      expect(decided({}, proposed)).toBe('escalate');
    }
  });

  test('deleteOnModel lets nothing else through: no model ignores by it, nor deletes without it being read', () => {
    const alert = alertOf('escalate-test');
    const allowed = contextOf(alert, { configuration: { deleteOnModel: true } });
    expect(judged({ alert, context: allowed, confidence: 0.7 }).decision).toBe('quarantine_pod');
    expect(judged({ alert: quarantined, context: allowed, decision: 'ignore' }).decision).toBe('escalate');
    const unread = contextOf(alert, { policy: { status: 'unreadable', detail: 'no answer' } });
    expect(judged({ alert, context: unread }).guardrails.map(({ guardrail }) => guardrail)).toContain(
      'delete_on_model',
    );
  });

  test('an infrastructure namespace is never acted on, even when it opted in', () => {
    for (const namespace of INFRASTRUCTURE_NAMESPACES) {
      const subject = alertOf('pod-delete-test', at(namespace));
      for (const decision of DECISIONS)
        expect(applyPolicy({ ...USUAL, decision, alert: subject, context: contextOf(subject) }).decision).toBe(
          'escalate',
        );
    }
  });
});

test('policy never makes a decision stronger, and names what made it weaker', () => {
  const alerts = fc.record({
    trust: fc.constantFrom('kernel' as const, 'report' as const),
    priority: fc.constantFrom(...ALL_PRIORITIES),
    rule: fc.string(),
    output: fc.string(),
    fields: fc.dictionary(fc.string(), fc.string()),
    namespace: fc.constantFrom('playground', 'kube-system', 'n8n', 'shop'),
    podUid: fc.option(fc.constantFrom('00000000-0000-4000-8000-000000000000', '11111111-1111-4111-8111-111111111111')),
    known: fc.boolean(),
  });
  const contexts = fc.record({
    status: fc.constantFrom('found', 'gone', 'replaced', 'unavailable', 'absent'),
    mode: fc.constantFrom(...RESPONSE_MODES),
    young: fc.boolean(),
    mirror: fc.boolean(),
    hostNetwork: fc.boolean(),
    bypasses: fc.constantFrom([], [PRIVILEGED]),
    readable: fc.boolean(),
    exhausted: fc.option(fc.string()),
    workload: fc.option(
      fc.record({
        kind: fc.constantFrom('ReplicaSet', 'StatefulSet', 'DaemonSet', 'Job'),
        name: fc.string(),
        desired: fc.nat(5),
        ready: fc.nat(5),
        contained: fc.nat(5),
        top: fc.record({ kind: fc.string(), name: fc.string() }),
      }),
    ),
    workflow: fc.constantFrom(...RESPONSE_MODES),
    confidence: fc.option(fc.double({ min: 0, max: 1, noNaN: true })),
  });
  fc.assert(
    fc.property(
      fc.constantFrom(...DECISIONS),
      alerts,
      contexts,
      (decision, { namespace, podUid, known, ...change }, { status, mode, young, ...more }) => {
        const target = known ? { namespace, pod: 'web', podUid, container: null, image: null } : null;
        const subject = alertOf('pod-delete-test', { ...change, target });
        const found = contextOf(subject, {
          mode,
          workload: more.workload,
          policy: more.readable
            ? { status: 'read', configuration: CONFIGURATION, exhausted: more.exhausted }
            : { status: 'unreadable', detail: '' },
          pod: {
            mirror: more.mirror,
            hostNetwork: more.hostNetwork,
            bypasses: [...more.bypasses],
            createdAt: young ? '2026-11-21T10:15:31.000Z' : '2026-11-21T09:00:00.000Z',
          },
        });
        const context: TargetContext | undefined =
          status === 'absent'
            ? undefined
            : status === 'found'
              ? found
              : { status: status as 'gone', readAt: found.readAt, detail: '' };
        const asked = { decision, alert: subject, context, mode: more.workflow, confidence: more.confidence };
        const verdict = applyPolicy({ ...asked, approved: false });

        expect(isStronger(verdict.decision, decision)).toBe(false);
        expect(verdict.decision === 'ignore' && decision !== 'ignore').toBe(false);
        expect(verdict.guardrails.length > 0).toBe(verdict.decision !== decision);
        if (acts(verdict.decision)) {
          expect(context?.status).toBe('found');
          expect([mode, more.workflow]).toEqual(['autonomous', 'autonomous']);
          expect([more.readable, more.exhausted, more.mirror]).toEqual([true, null, false]);
          expect(subject.trust).toBe('kernel');
          expect(INFRASTRUCTURE_NAMESPACES.has(namespace)).toBe(false);
        }
        if (verdict.decision === 'quarantine_pod') expect([more.hostNetwork, more.bypasses]).toEqual([false, []]);
        if (verdict.decision === 'delete_pod') expect(podUid).not.toBeNull();
        // Not even a person gets more than was asked for, nor past what an approval cannot lift.
        const approved = applyPolicy({ ...asked, approved: true });
        expect(isStronger(approved.decision, decision)).toBe(false);
        if (acts(approved.decision)) {
          expect([context?.status, more.readable, more.mirror]).toEqual(['found', true, false]);
          expect([mode, more.workflow]).not.toContain('observe');
          expect(INFRASTRUCTURE_NAMESPACES.has(namespace)).toBe(false);
        }
      },
    ),
  );
});

test('no proposal ignores what the playbook acts on, or does what it would not, whatever else holds', () => {
  const rules = [
    ...Object.keys(stable.rules).map((rule) => ({ rule, tags: [] as string[] })),
    ...Object.entries(further.rules).map(([rule, { tags }]) => ({ rule, tags })),
    { rule: "A rule of one's own", tags: ['T1611'] },
    { rule: "A rule of one's own", tags: [] },
  ];
  const contexts = RESPONSE_MODES.flatMap((mode) =>
    SETTINGS.flatMap((configuration) =>
      [null, QUARANTINED].map((quarantine) => contextOf(alert, { mode, quarantine, configuration })),
    ),
  );
  const wrong: unknown[] = [];
  const reached = new Set<string>();
  for (const { rule, tags } of rules)
    for (const priority of ALL_PRIORITIES) {
      const subject: Alert = { ...alert, rule, tags, priority };
      const own = playbook(subject).decision;
      for (const context of contexts)
        for (const proposed of DECISIONS)
          for (const approved of [false, true]) {
            const { decision } = applyPolicy({ ...USUAL, decision: proposed, alert: subject, context, approved });
            reached.add(`${proposed} → ${decision}`);
            const { namespace, policy } = context;
            const settings = policy.status === 'read' ? policy.configuration : CONFIGURATION;
            const held = {
              ignore: own === 'ignore' || (settings.ignoreOnModel && !acts(own)),
              quarantine_pod: acts(own) || settings.quarantineOnModel || settings.deleteOnModel,
              delete_pod: own === 'delete_pod' || settings.deleteOnModel,
              escalate: true,
            };
            const isAutonomous = !acts(decision) || namespace.mode === 'autonomous';
            const isHeld = !isStronger(decision, proposed) && (approved || (held[decision] && isAutonomous));
            if (!isHeld) wrong.push({ rule, tags, priority, proposed, approved, decision, mode: namespace.mode });
          }
    }
  expect(wrong).toEqual([]);
  // Every way that there is was gone.
  expect([...reached].toSorted()).toEqual([
    'delete_pod → delete_pod',
    'delete_pod → escalate',
    'delete_pod → quarantine_pod',
    'escalate → escalate',
    'ignore → escalate',
    'ignore → ignore',
    'quarantine_pod → escalate',
    'quarantine_pod → quarantine_pod',
  ]);
});

test("what the pod's own text says changes nothing of what the playbook or policy make of a proposal, unless it shows an attack", () => {
  const texts = fc.string();
  fc.assert(
    fc.property(
      fc.constantFrom(...ALERT_NAMES),
      fc.constantFrom(...DECISIONS),
      texts,
      fc.dictionary(texts, texts),
      (name, decision, output, fields) => {
        const plain = alertOf(name);
        const hostile = { ...plain, output, fields: { ...plain.fields, ...fields }, infrastructure: fields };
        expect(playbook(hostile)).toEqual(playbook(plain));
        const context = contextOf(plain);
        const talking = contextOf(plain, { pod: { labels: fields, annotations: fields } });
        expect(applyPolicy({ ...USUAL, decision, alert: hostile, context: talking })).toEqual(
          applyPolicy({ ...USUAL, decision, alert: plain, context }),
        );
      },
    ),
  );
});

describe('the playbook', () => {
  test.each([
    ['pod-delete-test', 'delete_pod'],
    ['pod-quarantine-test', 'quarantine_pod'],
    ['escalate-test', 'escalate'],
    ['test-shell', 'ignore'],
  ])('%s → %s', (name, decision) => {
    const subject = alertOf(name);
    expect(
      applyPolicy({ ...USUAL, decision: playbook(subject).decision, alert: subject, context: contextOf(subject) })
        .decision,
    ).toBe(decision);
  });

  test("goes by what happened, never by a pod's name", () => {
    for (const name of ALERT_NAMES) {
      for (const namesake of ALERT_NAMES) {
        const swapped = normaliseAlert(payload(name, {}, { 'k8s.pod.name': namesake }), RECEIVED_AT, 'kernel');
        expect(playbook(swapped)).toEqual(playbook(alertOf(name)));
      }
    }
  });

  test('leaves what it does not know to a person, unless the technique is clear and serious', () => {
    const unheard = { rule: "A rule of one's own", tags: ['T1611'] };
    expect(playbook(alertOf('test-shell', { ...unheard, priority: 'critical' })).decision).toBe('quarantine_pod');
    expect(playbook(alertOf('test-shell', { ...unheard, priority: 'notice' })).decision).toBe('escalate');
    expect(playbook(alertOf('test-shell', { ...unheard, priority: 'unknown' })).decision).toBe('escalate');
    expect(playbook(alertOf('test-shell', { rule: 'constructor', tags: ['__proto__'] })).decision).toBe('escalate');
  });
});

test('a decision records the proposal, what policy made of it, and why', () => {
  const run = {
    by: 'model' as const,
    fallbackReason: null,
    promptVersion: 'race/1',
    model: 'm',
    tokens: { input: 1, output: 1 },
    questions: 1,
    durationMs: 5,
  };
  const proposal = {
    decision: 'delete_pod' as const,
    classification: 'true_positive' as const,
    confidence: 1,
    reason: 'Reverse shell.',
  };
  const decided = (context: TargetContext) =>
    decide({ proposal, alert, context, mode: 'autonomous', run, now: RECEIVED_AT });
  const record = decided(contextOf(alert, { mode: 'observe' }));
  expect(record).toMatchObject({
    decision: 'escalate',
    classification: 'needs_review',
    proposal,
    decidedAt: RECEIVED_AT.toISOString(),
  });
  expect(record.reason).toContain('effective mode is observe');
  expect(decided(contextOf(alert))).toMatchObject({
    decision: 'delete_pod',
    classification: 'true_positive',
    reason: 'Reverse shell.',
  });
});
