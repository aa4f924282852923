import { dueForReview } from '../../app/quarantineReview';
import type { QuarantineReader } from '../../app/quarantines';
import { PipelineError } from '../../core/errors';
import { gap, type Gap } from '../../core/response/gap';
import { quarantinePolicy } from '../../core/response/quarantine';
import { type QuarantineRecord, type RecordChange, recordSchema } from '../../core/response/record';
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
  return {
    changes,
    cluster: {
      openRecords: () => Promise.resolve([record]),
      readPod: () => Promise.resolve(isolated),
      readConfiguration: () =>
        Promise.resolve({ ...CONFIGURATION, network: { enforced: true, cutsOpenConnections: true } }),
      readNetwork: () =>
        Promise.resolve({
          policies: [{ name: 'quarantine', spec: quarantinePolicy('shop').spec }],
          others: { policies: [], namespaceLabels: null, unread: [], unanswered: [] },
        }),
      markRecord: (_name: string, made: RecordChange) => {
        changes.push(made);
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
        toldAt: NOW.toISOString(),
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
    expect(changes).toEqual([{ state: 'Mismatch', changedAt: NOW.toISOString(), toldAt: NOW.toISOString() }]);
  });

  test('ends the record of an isolation that did not come about, and reports it once', async () => {
    const untouched = { readPod: () => Promise.resolve({ ...isolated, marked: false }) };
    const later = new Date(NOW.getTime() + 11 * 60_000);
    const { cluster, changes } = clusterWith(recordWith({}), untouched);
    expect(await dueForReview(cluster, NOW)).toEqual([]);
    expect(await dueForReview(cluster, later)).toMatchObject([{ cause: 'not_isolated', pod: 'untouched' }]);
    const at = later.toISOString();
    expect(changes).toEqual([{ state: 'Abandoned', changedAt: at, toldAt: at }]);
  });

  test('leaves the record of an isolation open that reached its pod and was not finished', async () => {
    const later = new Date(NOW.getTime() + 11 * 60_000);
    const { cluster, changes } = clusterWith(recordWith({}));
    expect(await dueForReview(cluster, later)).toMatchObject([{ cause: 'unfinished', pod: 'intact' }]);
    expect(changes).toEqual([{ toldAt: later.toISOString() }]);
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
