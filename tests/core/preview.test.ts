import type { FoundContext } from '../../core/incident/context';
import { approvalSchema, newApproval } from '../../core/response/approval';
import type { ApprovalNow } from '../../core/response/approvalNow';
import { approvalSpec } from '../../core/response/approvalItem';
import type { PodState } from '../../core/response/offers';
import { previewOf } from '../../core/response/preview';
import { CONFIGURATION, contextOf, RECEIVED_AT } from '../support/alerts';
import { alertOnPod, nowOf } from '../support/approvals';

const alert = alertOnPod('web-1');
const owner = { kind: 'ReplicaSet', name: 'web-5d', uid: 'o' };
const workload: NonNullable<FoundContext['workload']> = {
  kind: 'ReplicaSet',
  name: 'web-5d',
  desired: 3,
  ready: 3,
  contained: 0,
  containedPods: [],
  top: { kind: 'Deployment', name: 'web' },
};

/** Pods of one Deployment, in these states. */
function now(
  states: readonly PodState[],
  change: Partial<ApprovalNow> = {},
  more: Partial<NonNullable<FoundContext['workload']>> = {},
) {
  const approval = approvalSchema.parse({
    ...newApproval(approvalSpec({ alert }, 8, RECEIVED_AT)),
    metadata: { name: 'a', resourceVersion: '1' },
    status: {
      pods: states.slice(1).map((_, index) => ({
        namespace: 'shop',
        name: `web-${index + 2}`,
        uid: `uid-web-${index + 2}`,
        alertTime: RECEIVED_AT.toISOString(),
        joinedAt: RECEIVED_AT.toISOString(),
      })),
    },
  });
  const context = contextOf(alert, { workload: { ...workload, ...more }, pod: { owner } });
  const state = nowOf(approval, states, { context, configuration: CONFIGURATION, ...change });
  return { ...state, pods: state.pods.map((one) => ({ ...one, pod: one.pod && { ...one.pod, owner } })) };
}

const preview = (choice: Parameters<typeof previewOf>[0], ...of: Parameters<typeof now>) =>
  previewOf(choice, alert, now(...of));

describe('what a choice would do', () => {
  test.each<[string, string, RegExp]>([
    [
      'isolates one of three',
      preview('quarantine_pod', ['free']),
      /^Isolates 1 of 3 replicas of Deployment shop\/web; 2 ready remain until its controller has started others\. No PodDisruptionBudget forbids evicting it\.$/,
    ],
    [
      'isolates two',
      preview('quarantine_pod', ['free', 'free']),
      /^Isolates 2 of 3 .*; 1 ready remains until .*forbids evicting one of them; of several at once that is unknown\. Policy would not do this by itself: at most 1 of its replicas \(50 %\) may be contained at a time\. Your decision replaces that\.$/,
    ],
    [
      'leaves none ready',
      preview('quarantine_pod', ['free'], {}, { desired: 1, ready: 1 }),
      /^Isolates 1 of 1 replica of .*; no ready replica remains until/,
    ],
    [
      'goes on against a disruption budget',
      preview('delete_pod', ['free'], { eviction: 'forbidden' }),
      /^Deletes 1 of 3 .*A PodDisruptionBudget forbids evicting it; this is done all the same\. Evidence is kept first\.$/,
    ],
    [
      'says what cannot be known',
      preview('quarantine_pod', ['free'], { eviction: 'unknown' }),
      /Whether a PodDisruptionBudget allows it is unknown\.$/,
    ],
    [
      'keeps what is isolated',
      preview('quarantine_pod', ['quarantined', 'free']),
      /^Isolates 1 of 3 .* 1 pod is in quarantine already\.$/,
    ],
    [
      'acts on nothing',
      preview('quarantine_pod', ['absent', 'absent']),
      /^It would act on no pod\. 2 pods no longer exist\.$/,
    ],
    [
      'reads again what it could not read',
      preview('delete_pod', ['unreadable']),
      /^What it would do is unknown\. 1 pod could not be read: it is read again first\.$/,
    ],
    [
      'releases what is isolated',
      preview('release_pod', ['quarantined', 'free']),
      /^Releases 1 pod from quarantine with exactly the labels that it had\. .* 1 pod is not in quarantine\.$/,
    ],
    [
      'does nothing',
      preview('ignore', ['free']),
      /^Nothing is done to any pod\. The incident counts as a false positive\.$/,
    ],
    [
      'leaves what is isolated',
      preview('reject', ['quarantined', 'quarantined']),
      /^Nothing is done: 2 pods stay in quarantine\. The incident counts as not judged\.$/,
    ],
  ])('%s', (_what, said, expected) => {
    expect(said).toMatch(expected);
  });

  test.each([
    [
      'in a namespace that only watches',
      { mode: 'observe' as const },
      /Policy refuses 1 pod: effective_mode: the effective mode is observe/,
    ],
    ['on a static pod', { pod: { mirror: true } }, /Policy refuses 1 pod: .*static/],
    ["on a pod on its node's network", { pod: { hostNetwork: true } }, /Policy refuses 1 pod: .*host_network/],
  ])('is refused %s, and the preview says so', (_where, change, expected) => {
    const context = contextOf(alert, { workload, ...change });
    const state = now(['free'], { context });
    const pods = state.pods.map((one) => ({ ...one, pod: context.pod }));
    expect(previewOf('quarantine_pod', alert, { ...state, pods })).toMatch(expected);
  });

  test('names a pod without a uid, and a budget that is spent', () => {
    const state = now(['free', 'free']);
    const pods = state.pods.map((one, index) => (index === 1 ? { ...one, uid: null } : one));
    expect(previewOf('quarantine_pod', alert, { ...state, pods })).toContain(
      '1 pod is not acted on: its uid is unknown.',
    );
    const policy = { status: 'read' as const, configuration: CONFIGURATION, exhausted: 'the budget is spent' };
    expect(preview('delete_pod', ['free'], { context: contextOf(alert, { workload, policy }) })).toContain(
      'Policy would not do this by itself: the budget is spent.',
    );
  });

  test('knows nothing about the pods without a reading, and does not pretend to', () => {
    expect(preview('quarantine_pod', ['free'], { context: null })).toBe(
      'What it would do is unknown. 1 pod could not be read: it is read again first.',
    );
  });

  test('is short whatever there is to say', () => {
    const states = Array.from({ length: 21 }, () => 'free' as const);
    for (const choice of ['delete_pod', 'quarantine_pod', 'release_pod', 'ignore', 'reject'] as const)
      expect(preview(choice, states).length).toBeLessThanOrEqual(900);
  });
});
