import type { Approval } from '../../core/response/approval';
import { offersFor, type PodState, STATE_WORDS } from '../../core/response/offers';

const approval = (proposal?: string): Approval => ({
  metadata: { name: 'incident-1', resourceVersion: '1' },
  spec: {
    incident: '1',
    requestedAt: '2026-11-26T10:00:00.000Z',
    expiresAt: '2026-11-27T10:00:00.000Z',
    pod: { namespace: 'playground', name: 'web', uid: 'uid' },
    rule: 'a rule',
    priority: 'warning',
    ...(proposal === undefined ? {} : { proposal: { decision: proposal, reason: 'r', confidence: 1 } }),
    why: 'why',
    item: '{}',
  },
  status: {},
});
const inState = (state: PodState, uid: string | null = 'uid') => [{ state, uid }];
const choices = (one: Approval, pods: Parameters<typeof offersFor>[1]) =>
  offersFor(one, pods).map(({ choice }) => choice);

test('a release is offered only for a pod that is in quarantine', () => {
  const offering = (Object.keys(STATE_WORDS) as PodState[]).filter((state) =>
    choices(approval(), inState(state)).includes('release_pod'),
  );
  expect(offering).toEqual(['quarantined', 'unreadable']);
});

test.each<PodState>(['absent', 'unknown'])('for a pod that is %s nothing is offered that acts on one', (state) => {
  for (const proposal of ['delete_pod', 'quarantine_pod', 'escalate'])
    expect(choices(approval(proposal), inState(state))).toEqual(['reject', 'ignore']);
});

test('what was proposed can be approved while it is possible, and is not offered twice', () => {
  expect(choices(approval('delete_pod'), inState('free'))).toEqual(['approve', 'reject', 'quarantine_pod', 'ignore']);
  expect(choices(approval('ignore'), inState('absent'))).toEqual(['approve', 'reject']);
  expect(choices(approval('escalate'), inState('free'))).toEqual(['reject', 'delete_pod', 'quarantine_pod', 'ignore']);
});

test('a pod in quarantine is kept there, not quarantined', () => {
  const labels = (proposal: string) => offersFor(approval(proposal), inState('quarantined')).map(({ label }) => label);
  expect(labels('quarantine_pod')[0]).toBe('Approve: keep the pod in quarantine');
  expect(labels('delete_pod')).toContain('Keep the pod in quarantine');
});

test("without the pod's uid nothing is offered that another pod of its name could suffer", () => {
  for (const state of Object.keys(STATE_WORDS) as PodState[])
    expect(choices(approval('delete_pod'), inState(state, null))).toEqual(['reject', 'ignore']);
});

test('without a pod nothing is offered that acts on one', () => {
  expect(choices(approval('delete_pod'), [])).toEqual(['reject', 'ignore']);
});

test('of several pods an action is offered that is possible for one, and says for how many', () => {
  const pods = [...inState('free'), ...inState('quarantined'), ...inState('absent'), ...inState('free', null)];
  expect(offersFor(approval('quarantine_pod'), pods).map(({ label }) => label)).toEqual([
    'Approve: quarantine 2 pods',
    'Reject: nothing is done',
    'Delete 2 pods instead',
    'Ignore: a false alarm',
    'Release 1 pod from quarantine: a false alarm',
  ]);
});

test('labels differ from one another, since the page gives back the label that was chosen', () => {
  for (const state of Object.keys(STATE_WORDS) as PodState[])
    for (const proposal of [undefined, 'delete_pod', 'quarantine_pod', 'ignore', 'escalate']) {
      const labels = offersFor(approval(proposal), inState(state)).map(({ label }) => label);
      expect(new Set(labels).size).toBe(labels.length);
    }
});
