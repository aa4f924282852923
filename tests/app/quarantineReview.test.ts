import { confirmReviewed, dueForReview } from '../../app/quarantineReview';
import type { QuarantineReader } from '../../app/quarantines';
import { PipelineError } from '../../core/errors';
import { gap, type Gap } from '../../core/response/gap';
import { quarantinePolicy } from '../../core/response/quarantine';
import {
  changedStatus,
  isOpen,
  type QuarantineRecord,
  type RecordChange,
  recordSchema,
  type RecordStatus,
  type ReviewReport,
} from '../../core/response/record';
import { alertOf, CONFIGURATION, contextOf } from '../support/alerts';

const NOW = new Date('2026-11-21T12:00:00.000Z');
const LATER = '2026-11-22T12:00:00.000Z';
const { pod } = contextOf(alertOf());
const isolated = {
  ...pod,
  marked: true,
  labels: { 'security/quarantined': 'true' },
  annotations: { 'security/original-labels': 'app=web' },
  hostNetwork: false,
  bypasses: [],
};

const recordWith = (status: object): QuarantineRecord =>
  recordSchema.parse({
    metadata: { name: pod.uid, resourceVersion: '1' },
    spec: {
      incident: 'one',
      pod: { namespace: 'shop', name: pod.name, uid: pod.uid },
      owner: { kind: 'ReplicaSet', name: 'web', uid: 'r' },
      originalLabels: { app: 'web' },
      decision: { decision: 'quarantine_pod', by: 'playbook', reason: 'a test' },
      requestedAt: NOW.toISOString(),
      until: LATER,
    },
    status,
  });

const quarantined = (gaps: Gap[] = []) =>
  recordWith({ state: 'Quarantined', contained: gaps.length === 0 ? 'full' : 'partial', gaps, detached: true });

/** A cluster that holds this record and this pod, and what the review changed. */
function clusterWith(record: QuarantineRecord, change: Partial<QuarantineReader> = {}) {
  const changes: RecordChange[] = [];
  const kept = { record };
  return {
    changes,
    kept,
    cluster: {
      openRecords: () => Promise.resolve([kept.record].filter(isOpen)),
      readPod: () => Promise.resolve(isolated),
      readConfiguration: () =>
        Promise.resolve({ ...CONFIGURATION, network: { enforced: true, cutsOpenConnections: true } }),
      readNetwork: () =>
        Promise.resolve({
          policies: [{ name: 'quarantine', spec: quarantinePolicy('shop').spec }],
          others: { policies: [], namespaceLabels: null, unread: [], unanswered: [] },
        }),
      markRecord: (_name: string, change: RecordChange | ((status: RecordStatus) => RecordChange | null)) => {
        const { status } = kept.record;
        const made = typeof change === 'function' ? change(status) : change;
        if (made === null) return Promise.resolve();
        changes.push(made);
        kept.record = { ...kept.record, status: changedStatus(status, made) };
        return Promise.resolve();
      },
      ...change,
    },
  };
}

const notRead = (text: string): Partial<QuarantineReader> => ({
  readNetwork: () =>
    Promise.resolve({
      policies: [{ name: 'quarantine', spec: quarantinePolicy('shop').spec }],
      others: { policies: [], namespaceLabels: null, unread: [gap('not-read', text, 'x')], unanswered: [] },
    }),
});

const minutes = (after: number) => new Date(NOW.getTime() + after * 60_000);
const reporting = (cause: ReviewReport['cause'], at: Date, tries = 1) => ({ cause, at: at.toISOString(), tries });
const unmarked = { readPod: () => Promise.resolve({ ...isolated, marked: false }) };

const failing = (code: 'rejected' | 'forbidden' | 'not_found') => () =>
  Promise.reject(new PipelineError(code, code, { nextStep: 'none' }));

describe('the review of a quarantine', () => {
  test('writes nothing where the record and the cluster say the same', async () => {
    const { cluster, changes } = clusterWith(quarantined());
    expect(await dueForReview(cluster, NOW)).toEqual([]);
    expect(changes).toEqual([]);
  });

  test('reports a gap that the record does not name, and records it', async () => {
    const { cluster, changes } = clusterWith(quarantined(), notRead('kinds were not read'));
    expect(await dueForReview(cluster, NOW)).toMatchObject([{ cause: 'opened', pod: 'intact' }]);
    expect(changes).toEqual([
      {
        contained: 'partial',
        gaps: [{ key: 'not-read/x', text: 'kinds were not read' }],
        changedAt: NOW.toISOString(),
        reporting: reporting('opened', NOW),
      },
    ]);
  });

  test('knows a recorded gap by its key, in whatever words', async () => {
    const { cluster, changes } = clusterWith(
      quarantined([gap('not-read', 'the words of another version', 'x')]),
      notRead('kinds were not read'),
    );
    expect(await dueForReview(cluster, NOW)).toEqual([]);
    expect(changes).toEqual([]);
  });

  test('records that the pod is gone, and reports nothing', async () => {
    const { cluster, changes } = clusterWith(quarantined(), { readPod: failing('not_found') });
    expect(await dueForReview(cluster, NOW)).toEqual([]);
    expect(changes).toEqual([{ state: 'Gone', changedAt: NOW.toISOString() }]);
  });

  test('reports a pod that somebody changed as a mismatch', async () => {
    const { cluster, changes } = clusterWith(quarantined(), {
      readPod: () => Promise.resolve({ ...isolated, marked: false }),
    });
    expect(await dueForReview(cluster, NOW)).toMatchObject([{ cause: 'mismatch', pod: 'changed' }]);
    expect(changes).toEqual([
      { state: 'Mismatch', changedAt: NOW.toISOString(), reporting: reporting('mismatch', NOW) },
    ]);
  });

  test('ends the record of an isolation that did not come about once a person was notified of it', async () => {
    const { cluster, changes, kept } = clusterWith(recordWith({}), unmarked);
    expect(await dueForReview(cluster, NOW)).toEqual([]);
    expect(await dueForReview(cluster, minutes(11))).toMatchObject([{ cause: 'not_isolated', pod: 'untouched' }]);
    const report = reporting('not_isolated', minutes(11));
    expect(changes).toEqual([{ reporting: report }]);
    await confirmReviewed(cluster, pod.uid, report, minutes(12));
    const at = minutes(12).toISOString();
    expect(kept.record.status).toEqual({ state: 'Abandoned', changedAt: at, toldAt: at });
    expect(await dueForReview(cluster, minutes(2 * 1440))).toEqual([]);
  });

  test('keeps the record of one that came about after all', async () => {
    const { cluster, kept } = clusterWith(recordWith({}), unmarked);
    await dueForReview(cluster, minutes(11));
    kept.record = {
      ...kept.record,
      status: { ...quarantined().status, ...kept.record.status, state: 'Quarantined' } as RecordStatus,
    };
    await confirmReviewed(cluster, pod.uid, reporting('not_isolated', minutes(11)), minutes(12));
    expect(kept.record.status).toMatchObject({ state: 'Quarantined' });
  });

  test('leaves the record of an isolation open that reached its pod and was not finished', async () => {
    const later = new Date(NOW.getTime() + 11 * 60_000);
    const { cluster, changes } = clusterWith(recordWith({}));
    expect(await dueForReview(cluster, later)).toMatchObject([{ cause: 'unfinished', pod: 'intact' }]);
    expect(changes).toEqual([{ reporting: reporting('unfinished', later) }]);
  });

  test('reports a pod that it may no longer read, once', async () => {
    const { cluster, changes } = clusterWith(quarantined(), { readPod: failing('forbidden') });
    expect(await dueForReview(cluster, NOW)).toMatchObject([{ cause: 'opened', pod: 'unreadable' }]);
    expect(changes).toMatchObject([{ gaps: [{ key: 'unseen' }] }]);
    const again = clusterWith(quarantined([gap('unseen', 'it cannot be seen')]), { readPod: failing('forbidden') });
    expect(await dueForReview(again.cluster, NOW)).toEqual([]);
  });

  test('fails with a record that is not readable, and rewrites none', async () => {
    const { cluster, changes } = clusterWith(quarantined(), { openRecords: failing('rejected') });
    await expect(dueForReview(cluster, NOW)).rejects.toMatchObject({ code: 'rejected' });
    expect(changes).toEqual([]);
  });
});

test.each<[string, object]>([
  ['a state that does not exist', { state: 'Free' }],
  ['gaps without keys', { state: 'Quarantined', gaps: ['open'] }],
  ['a time that is none', { state: 'Mismatch', changedAt: 'now' }],
])('a Quarantine with %s is not readable', (_what, status) => {
  expect(() => recordWith(status)).toThrow();
});

describe('a finding of which nobody confirms that a person was notified', () => {
  const noted = (cause: ReviewReport['cause']) => [expect.objectContaining({ cause }) as unknown];

  test.each<[ReviewReport['cause'], () => ReturnType<typeof clusterWith>]>([
    ['mismatch', () => clusterWith(quarantined(), unmarked)],
    ['opened', () => clusterWith(quarantined(), notRead('kinds were not read'))],
    ['not_isolated', () => clusterWith(recordWith({}), unmarked)],
    ['unfinished', () => clusterWith(recordWith({}))],
  ])('%s is reported again, after twice the time each and once a day at last', async (cause, start) => {
    const { cluster, kept } = start();
    const times: number[] = [];
    for (let after = 0; times.length < 10; after += 10)
      if ((await dueForReview(cluster, minutes(after))).length > 0) times.push(after);
    const waits = times.slice(1).map((time, index) => time - (times[index] ?? 0));
    expect(waits).toEqual([10, 20, 40, 80, 160, 320, 640, 1280, 1440]);
    expect(kept.record.status.reporting).toMatchObject({ cause });
    expect(await dueForReview(cluster, minutes((times.at(-1) ?? 0) + 1440))).toEqual(noted(cause));
  });

  test('is reported by the same name each time, with which it is confirmed; only the last report can be', async () => {
    const { cluster, kept } = clusterWith(quarantined(), unmarked);
    const [first] = await dueForReview(cluster, NOW);
    const [second] = await dueForReview(cluster, minutes(10));
    expect(first?.record.status.reporting).toEqual(reporting('mismatch', NOW));
    expect(second?.record.status.reporting).toEqual(reporting('mismatch', minutes(10), 2));
    await confirmReviewed(cluster, pod.uid, reporting('mismatch', NOW), minutes(11));
    expect(kept.record.status.toldAt).toBeUndefined();
    await confirmReviewed(cluster, pod.uid, reporting('mismatch', minutes(10)), minutes(11));
    expect(kept.record.status).toMatchObject({ state: 'Mismatch', toldAt: minutes(11).toISOString() });
    expect(kept.record.status.reporting).toBeUndefined();
    expect(await dueForReview(cluster, minutes(11 + 1439))).toEqual([]);
    expect(await dueForReview(cluster, minutes(11 + 1440))).toEqual(noted('mismatch'));
  });

  test('is reported although the pod was closed again since', async () => {
    const opened = clusterWith(quarantined(), notRead('kinds were not read'));
    await dueForReview(opened.cluster, NOW);
    const closed = clusterWith(opened.kept.record);
    expect(await dueForReview(closed.cluster, minutes(9))).toEqual([]);
    expect(await dueForReview(closed.cluster, minutes(10))).toEqual(noted('opened'));
  });

  test.each([
    ['opened', notRead('kinds were not read')],
    ['mismatch', unmarked],
  ] as const)('%s is reported although the pod is gone since; the record ends after that', async (cause, change) => {
    const before = clusterWith(quarantined(), change);
    await dueForReview(before.cluster, NOW);
    const gone = clusterWith(before.kept.record, { readPod: failing('not_found') });
    expect(await dueForReview(gone.cluster, minutes(10))).toEqual(noted(cause));
    await confirmReviewed(gone.cluster, pod.uid, reporting(cause, minutes(10)), minutes(11));
    expect(await dueForReview(gone.cluster, minutes(15))).toEqual([]);
    expect(gone.kept.record.status).toMatchObject({ state: 'Gone', toldAt: minutes(11).toISOString() });
  });

  test('gives way at once to what is worse, whenever a person was last notified', async () => {
    const record = quarantined();
    const told = { ...record, status: { ...record.status, toldAt: minutes(-60).toISOString() } };
    const opened = clusterWith(told, notRead('kinds were not read'));
    await dueForReview(opened.cluster, NOW);
    const changed = clusterWith(opened.kept.record, unmarked);
    expect(await dueForReview(changed.cluster, minutes(1))).toEqual(noted('mismatch'));
  });
});
