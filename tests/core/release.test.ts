import type { ResponseMode } from '../../core/incident/mode';
import { RESPONSE_MODES } from '../../core/incident/mode';
import { decide } from '../../core/policy/decide';
import type { DecisionRecord } from '../../core/incident/decision';
import { RELEASE_GUARDRAIL, refuseRelease, refuseUnboundRelease } from '../../core/policy/release';
import { approvalSpec } from '../../core/response/approvalItem';
import { COUNTERS } from '../../core/telemetry/metrics';
import { alertOf, contextOf, RECEIVED_AT } from '../support/alerts';

const alert = alertOf('test-shell');
const proposal = { decision: 'ignore', classification: 'false_positive', confidence: 1, reason: 'A test.' } as const;
const run = {
  by: 'model' as const,
  fallbackReason: null,
  promptVersion: 'race/1',
  model: 'm',
  tokens: { input: 1, output: 1 },
  questions: 1,
  durationMs: 5,
};
const falsePositive = decide({ proposal, alert, context: contextOf(alert), mode: 'autonomous', run, now: RECEIVED_AT });
const escalated: DecisionRecord = { ...falsePositive, decision: 'escalate', classification: 'needs_review' };

describe('a release', () => {
  const judged = (change: Partial<Parameters<typeof refuseRelease>[0]>) =>
    refuseRelease({
      alert,
      decision: falsePositive,
      context: contextOf(alert),
      mode: 'autonomous',
      approved: false,
      ...change,
    });

  test("needs a person's approval, or a false positive that policy let through", () => {
    expect(judged({})).toBeNull();
    expect(judged({ decision: undefined })).toBeNull();
    expect(judged({ decision: escalated })).toMatchObject({ guardrails: [RELEASE_GUARDRAIL] });
    expect(judged({ decision: escalated, approved: true })).toBeNull();
    expect(judged({ decision: { ...falsePositive, classification: 'needs_review' } })).not.toBeNull();
  });

  test.each(RESPONSE_MODES)('is held to the mode, wherever %s is the least of the three', (mode: ResponseMode) => {
    const expected = { observe: [false, false], supervised: [false, true], autonomous: [true, true] }[mode];
    for (const where of [
      { mode },
      { context: contextOf(alert, { mode }) },
      { context: contextOf(alert, { configuration: { mode } }) },
    ])
      expect([false, true].map((approved) => judged({ ...where, approved }) === null)).toEqual(expected);
  });

  test("is refused in an infrastructure namespace and without the administrator's settings", () => {
    const target = { namespace: 'kube-system', pod: 'web', podUid: null, container: null, image: null };
    const inside = alertOf('test-shell', { target });
    expect(judged({ alert: inside, context: contextOf(inside), approved: true })).toMatchObject({
      guardrails: ['infrastructure_namespace'],
    });
    const policy = { status: 'unreadable' as const, detail: 'no answer' };
    expect(judged({ context: contextOf(alert, { policy }), approved: true })).toMatchObject({
      guardrails: ['readable_configuration'],
    });
  });

  test('has its guardrail among the series that exist from the first push', () => {
    expect(COUNTERS.incident_pipeline_guardrail_total.known).toContainEqual({ guardrail: RELEASE_GUARDRAIL });
  });
});

describe('the pod that a release is about', () => {
  const uid = '11111111-1111-4111-8111-111111111111';
  const target = { namespace: 'shop', pod: 'web', podUid: null, container: null, image: null };
  const named = { id: 'one', target };
  const known = { id: 'one', target: { ...target, podUid: uid } };
  const own = { incident: 'one', uid };
  const others = { incident: 'another', uid };

  test.each<[string, Partial<Parameters<typeof refuseUnboundRelease>[0]>, boolean]>([
    ['an approval made for it', { approved: true, approvedUid: uid, record: others }, true],
    ['an approval made for another', { approved: true, approvedUid: 'x', record: own }, false],
    ['an approval that names no uid', { approved: true, record: others }, false],
    ['an approval that names no uid, of the incident that isolated it', { approved: true, record: own }, false],
    ['a false positive of the incident that isolated it', { decision: falsePositive, record: own }, true],
    ['a false positive of another incident', { decision: falsePositive, record: others, alert: known }, false],
    ['a person who runs the node for its uid', { record: others, alert: known }, true],
    ['a person who runs the node for the incident that isolated it', { record: own }, true],
    ['a person who runs the node for its name', { record: others }, false],
  ])('is known by %s: %s', (_by, binding, expected) => {
    const refusal = refuseUnboundRelease({
      alert: named,
      decision: undefined,
      approved: false,
      approvedUid: null,
      record: own,
      ...binding,
    });
    expect(refusal === null).toBe(expected);
    if (refusal !== null) expect(refusal.guardrails).toEqual(['pod_identity']);
  });
});

describe('the uid that an approval is made for', () => {
  const target = { namespace: 'playground', pod: 'web', podUid: null, container: null, image: null };
  const unnamed = alertOf('escalate-test', { target });
  const uidFor = (subject: typeof alert, context?: ReturnType<typeof contextOf>) =>
    approvalSpec({ alert: subject, context }, 8, RECEIVED_AT).pod?.uid;

  test("is the alert's, whatever was read", () => {
    const other = contextOf(alert, { pod: { uid: 'another' } });
    expect(uidFor(alert, other)).toBe(alert.target?.podUid);
  });

  test("is the pod's that was read, if it is older than the alert", () => {
    expect(uidFor(unnamed, contextOf(unnamed))).toBe('11111111-1111-4111-8111-111111111111');
  });

  test('is unknown where the pod that has the name is younger than the alert, or was not read', () => {
    const old = alertOf('escalate-test', { target, time: '2020-01-01T00:00:00.000Z' });
    expect(uidFor(old, contextOf(old))).toBeUndefined();
    const sameSecond = contextOf(unnamed, { pod: { createdAt: `${unnamed.time.slice(0, 19)}.000Z` } });
    expect(uidFor(unnamed, sameSecond)).toBeUndefined();
    expect(uidFor(unnamed)).toBeUndefined();
  });
});
