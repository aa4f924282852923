import { findExpired, PRUNED_AT_ONCE } from '../../app/retention/findExpired';
import type { RetentionStore } from '../../app/retention/ports';
import { prune } from '../../app/retention/prune';
import { PipelineError, type PipelineErrorCode } from '../../core/errors';
import { type FinalRecord, RETAINED_KINDS, type RetainedKind } from '../../core/retention/finalRecord';
import type { LastState } from '../../core/retention/lastState';
import { finalRecord, lastState } from '../support/retention';

const NOW = new Date('2026-11-27T10:00:00.000Z');
const YOUNG = '2026-11-20T00:00:00Z';

const refused = (code: PipelineErrorCode) => new PipelineError(code, `a test: ${code}`, { nextStep: 'Nothing.' });

/** A store of these records, by kind; what they say is about the incident that is their uid. */
function storeOf(records: Partial<Record<RetainedKind, Partial<FinalRecord>[]>>, change: Partial<RetentionStore> = {}) {
  const read: string[] = [];
  const store: RetentionStore = {
    begin: () => Promise.resolve(30),
    openRecords: () => Promise.resolve({ incidents: new Set(), pods: new Set() }),
    finalRecords: async function* (kind) {
      await Promise.resolve();
      for (const record of records[kind] ?? []) yield finalRecord({ kind, ...record });
    },
    lastState: (record) => {
      read.push(record.uid);
      return Promise.resolve(lastState({ ...record, incident: record.uid }));
    },
    remove: () => Promise.resolve(),
    ...change,
  };
  return { store, read };
}

const uids = (records: readonly LastState[]) => records.map(({ uid }) => uid);

describe('findExpired', () => {
  test.each<[string, Partial<RetentionStore>]>([
    ['the ResponsePolicy cannot be written', { begin: () => Promise.reject(refused('unreachable')) }],
    ['what is open cannot be listed', { openRecords: () => Promise.reject(refused('forbidden')) }],
  ])('finds nothing when %s', async (_what, change) => {
    const { store, read } = storeOf({ Approval: [{ uid: 'a' }] }, change);
    await expect(findExpired(store, NOW)).rejects.toBeInstanceOf(PipelineError);
    expect(read).toEqual([]);
  });

  test('goes on with the other kinds when one cannot be listed, and says so', async () => {
    const { store } = storeOf({ Incident: [{ uid: 'i' }], Quarantine: [{ uid: 'q' }] });
    const broken: RetentionStore = {
      ...store,
      finalRecords: (kind) => {
        if (kind === 'Approval') throw refused('unreachable');
        return store.finalRecords(kind);
      },
    };
    const { records, problems } = await findExpired(broken, NOW);
    expect(uids(records)).toEqual(['i', 'q']);
    expect(problems).toEqual(['a test: unreachable']);
  });

  test('goes on with the other records when one cannot be read, and names a few of many', async () => {
    const { store } = storeOf({ Approval: Array.from({ length: 20 }, (_, index) => ({ uid: `a-${index}` })) });
    const broken: RetentionStore = {
      ...store,
      lastState: (record) => (record.uid === 'a-7' ? store.lastState(record) : Promise.reject(refused('unreachable'))),
    };
    const { records, problems } = await findExpired(broken, NOW);
    expect(uids(records)).toEqual(['a-7']);
    expect(problems).toHaveLength(5);
  });

  test('does not take an error of ours for an answer of the store', async () => {
    const { store } = storeOf({ Approval: [{}] }, { lastState: () => Promise.reject(new TypeError('a bug')) });
    await expect(findExpired(store, NOW)).rejects.toThrow('a bug');
  });

  test('leaves what is young, without reading it, and what was changed or deleted since it was listed', async () => {
    const { store, read } = storeOf({
      Approval: [
        { uid: 'changed', changedAt: YOUNG },
        { uid: 'created', createdAt: YOUNG },
        { uid: 'lost' },
        { uid: 'old' },
      ],
    });
    const { records } = await findExpired(
      { ...store, lastState: async (record) => (record.uid === 'lost' ? null : store.lastState(record)) },
      NOW,
    );
    expect(uids(records)).toEqual(['old']);
    expect(read).toEqual(['old']);
  });

  test('leaves what an open record needs, by its incident and by its pod', async () => {
    const { store } = storeOf(
      { Approval: [{ uid: 'open' }, { uid: 'ended' }], Quarantine: [{ uid: 'isolated' }] },
      { openRecords: () => Promise.resolve({ incidents: new Set(['open']), pods: new Set(['pod-1']) }) },
    );
    const { records } = await findExpired(
      {
        ...store,
        lastState: async (record) => {
          const state = await store.lastState(record);
          return state === null || record.uid !== 'isolated' ? state : { ...state, podUid: 'pod-1' };
        },
      },
      NOW,
    );
    expect(uids(records)).toEqual(['ended']);
  });

  test('is bounded for each kind, says of which there are more, and reads no more of them than that', async () => {
    const many = (prefix: string, count: number) =>
      Array.from({ length: count }, (_, index) => ({ uid: `${prefix}-${index}` }));
    const { store, read } = storeOf({
      Incident: many('i', PRUNED_AT_ONCE + 50),
      Approval: many('a', PRUNED_AT_ONCE),
      NeoTask: many('n', 3),
    });
    const { records, more } = await findExpired(store, NOW);
    const counts = RETAINED_KINDS.map((kind) => records.filter((record) => record.kind === kind).length);
    expect(counts).toEqual([PRUNED_AT_ONCE, PRUNED_AT_ONCE, 0, 3]);
    expect(more).toEqual(['Incident']);
    expect(read).toHaveLength(2 * PRUNED_AT_ONCE + 3);
  });

  test('lets no record that is needed take the place of one that is not', async () => {
    const needed = Array.from({ length: PRUNED_AT_ONCE }, (_, index) => ({ uid: `needed-${index}` }));
    const { store } = storeOf(
      { Approval: [...needed, { uid: 'last' }] },
      { openRecords: () => Promise.resolve({ incidents: new Set(needed.map(({ uid }) => uid)), pods: new Set() }) },
    );
    expect(uids((await findExpired(store, NOW)).records)).toEqual(['last']);
  });
});

describe('prune', () => {
  const removing = (code: PipelineErrorCode) => ({ remove: () => Promise.reject(refused(code)) });

  test.each<PipelineErrorCode>(['rejected', 'forbidden', 'unreachable'])('%s is an error', async (code) => {
    await expect(prune(removing(code), finalRecord())).rejects.toMatchObject({ code });
  });

  test.each<[PipelineErrorCode, string]>([
    ['conflict', 'kept'],
    ['not_found', 'gone'],
  ])('%s is %s', async (code, outcome) => {
    expect(await prune(removing(code), finalRecord())).toBe(outcome);
  });

  test('deletes exactly the version that was found', async () => {
    const removed: FinalRecord[] = [];
    const remove = (record: FinalRecord) => {
      removed.push(record);
      return Promise.resolve();
    };
    expect(await prune({ remove }, finalRecord({ resourceVersion: '42' }))).toBe('pruned');
    expect(removed).toMatchObject([{ uid: 'uid-1', resourceVersion: '42' }]);
  });
});
