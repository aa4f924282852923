import fc from 'fast-check';

import type { Alert } from '../../core/alert/alert';
import { ALL_PRIORITIES } from '../../core/alert/priority';
import { RESPONSE_MODES, type TargetContext } from '../../core/context/context';
import { decide } from '../../core/decision/decide';
import { DECISIONS } from '../../core/decision/decision';
import { playbook } from '../../core/decision/playbook';
import { applyPolicy, type PolicyInput } from '../../core/decision/policy';
import { acts, isStronger } from '../../core/decision/strength';
import { INFRASTRUCTURE_NAMESPACES } from '../../core/names';
import { ALERT_NAMES, alertOf, contextOf, payload, RECEIVED_AT } from '../support/alerts';
import { normaliseAlert } from '../../core/alert/normalise';

const alert = alertOf();
const at = (namespace: string): Partial<Alert> => ({
  target: { namespace, pod: 'web', podUid: null, container: null, image: null },
});

function judged(input: Partial<PolicyInput>) {
  const subject = input.alert ?? alert;
  return applyPolicy({ decision: 'delete_pod', alert: subject, context: contextOf(subject), ...input });
}

test('a pod that may be acted on is acted on', () => {
  expect(judged({})).toEqual({ decision: 'delete_pod', guardrails: [] });
});

describe('guardrails', () => {
  const noUid = alertOf('pod-delete-test', at('playground'));
  const gone: TargetContext = { status: 'gone', readAt: RECEIVED_AT.toISOString(), detail: 'no such pod' };

  test.each<[string, Partial<PolicyInput>, string]>([
    ['unknown_target', { alert: alertOf('pod-delete-test', { target: null }) }, 'escalate'],
    ['unknown_target', { alert: alertOf('pod-delete-test', { target: null }), decision: 'ignore' }, 'escalate'],
    ['unknown_priority', { alert: alertOf('test-shell', { priority: 'unknown' }), decision: 'ignore' }, 'escalate'],
    ['infrastructure_namespace', { alert: alertOf('pod-delete-test', at('kube-system')) }, 'escalate'],
    ['source_trust', { alert: alertOf('pod-delete-test', { trust: 'report' }) }, 'escalate'],
    ['live_context', { context: undefined }, 'escalate'],
    ['live_context', { context: gone }, 'escalate'],
    ['namespace_mode', { context: contextOf(alert, { mode: 'observe' }) }, 'escalate'],
    ['namespace_mode', { context: contextOf(alert, { mode: 'supervised' }) }, 'escalate'],
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
    ['ignore_floor', { decision: 'ignore' }, 'escalate'],
  ])('%s', (guardrail, input, expected) => {
    const verdict = judged(input);
    expect(verdict.decision).toBe(expected);
    expect(verdict.guardrails.map((note) => note.guardrail)).toContain(guardrail);
  });

  test('a notice may be ignored', () => {
    expect(judged({ alert: alertOf('test-shell'), decision: 'ignore' }).decision).toBe('ignore');
  });

  test('an infrastructure namespace is never acted on, even when it opted in', () => {
    for (const namespace of INFRASTRUCTURE_NAMESPACES) {
      const subject = alertOf('pod-delete-test', at(namespace));
      for (const decision of DECISIONS)
        expect(applyPolicy({ decision, alert: subject, context: contextOf(subject) }).decision).toBe('escalate');
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
  });
  fc.assert(
    fc.property(
      fc.constantFrom(...DECISIONS),
      alerts,
      contexts,
      (decision, { namespace, podUid, known, ...change }, { status, mode, young }) => {
        const target = known ? { namespace, pod: 'web', podUid, container: null, image: null } : null;
        const subject = alertOf('pod-delete-test', { ...change, target });
        const found = contextOf(subject, {
          mode,
          pod: { createdAt: young ? '2026-11-21T10:15:31.000Z' : '2026-11-21T09:00:00.000Z' },
        });
        const context: TargetContext | undefined =
          status === 'absent'
            ? undefined
            : status === 'found'
              ? found
              : { status: status as 'gone', readAt: found.readAt, detail: '' };
        const verdict = applyPolicy({ decision, alert: subject, context });

        expect(isStronger(verdict.decision, decision)).toBe(false);
        expect(verdict.decision === 'ignore' && decision !== 'ignore').toBe(false);
        expect(verdict.guardrails.length > 0).toBe(verdict.decision !== decision);
        if (acts(verdict.decision)) {
          expect(context?.status).toBe('found');
          expect(mode).toBe('autonomous');
          expect(subject.trust).toBe('kernel');
          expect(INFRASTRUCTURE_NAMESPACES.has(namespace)).toBe(false);
        }
        if (verdict.decision === 'delete_pod') expect(podUid).not.toBeNull();
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
      applyPolicy({ decision: playbook(subject).decision, alert: subject, context: contextOf(subject) }).decision,
    ).toBe(decision);
  });

  test('goes by what happened, never by a pod’s name', () => {
    for (const name of ALERT_NAMES) {
      for (const namesake of ALERT_NAMES) {
        const swapped = normaliseAlert(payload(name, {}, { 'k8s.pod.name': namesake }), RECEIVED_AT, 'kernel');
        expect(playbook(swapped)).toEqual(playbook(alertOf(name)));
      }
    }
  });

  test('leaves what it does not know to a person, unless the technique is clear and serious', () => {
    const unheard = { rule: 'A rule of one’s own', tags: ['T1611'] };
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
  const record = decide(proposal, alert, contextOf(alert, { mode: 'observe' }), run, RECEIVED_AT);
  expect(record).toMatchObject({
    decision: 'escalate',
    classification: 'needs_review',
    proposal,
    decidedAt: RECEIVED_AT.toISOString(),
  });
  expect(record.reason).toContain('mode observe');
  expect(decide(proposal, alert, contextOf(alert), run, RECEIVED_AT)).toMatchObject({
    decision: 'delete_pod',
    classification: 'true_positive',
    reason: 'Reverse shell.',
  });
});
