import { randomUUID } from 'node:crypto';

import { type ClaimStore, MOST_OF_FINDING } from '../../app/neo/ports';
import type { ClaimSpec } from '../../core/remediation/claim';
import type { ClaimStatus } from '../../core/remediation/claimStatus';
import { specOf } from './claims';

/** Whose claims no workflow reviews, where one runs beside the test. */
export const CONTRACT_ORGANIZATION = 'a-contract-of-stores';

/**
 * What every store of claims does, whatever it keeps them in. `stores` gives stores on the same claims, each as another
 * worker's would be; claims of others may be there.
 */
export function claimStoreContract(stores: () => Promise<[ClaimStore, ClaimStore]>): void {
  const fresh = (change: Partial<ClaimSpec> = {}): ClaimSpec =>
    specOf({ incident: randomUUID(), organization: CONTRACT_ORGANIZATION, ...change });
  const incidents = async (store: ClaimStore): Promise<string[]> =>
    (await store.unsettled()).map(({ spec }) => spec.incident);

  describe('a store of claims', () => {
    let one: ClaimStore;
    let other: ClaimStore;
    beforeAll(async () => {
      [one, other] = await stores();
    });
    const claimed = async (change: Partial<ClaimSpec> = {}) => (await one.claim(fresh(change))).claim;

    test('knows nothing of what nobody claimed', async () => {
      expect(await one.find(randomUUID())).toBeNull();
    });

    test('gives an incident to exactly one of twenty who claim it at once', async () => {
      const { incident } = fresh();
      const claims = await Promise.all(
        Array.from({ length: 20 }, (_, index) =>
          (index % 2 === 0 ? one : other).claim(fresh({ incident, item: JSON.stringify({ index }) })),
        ),
      );
      expect(claims.filter(({ mine }) => mine)).toHaveLength(1);
      const [first] = claims.flatMap(({ claim, mine }) => (mine ? [claim] : []));
      for (const { claim } of claims) expect(claim.spec).toEqual(first?.spec);
      expect(await other.find(incident)).toEqual(first);
    });

    test('gives back what was claimed, whatever it holds', async () => {
      const item = JSON.stringify({ text: '\u0000\u202e"\\\n😀\ud800', deep: { a: [1, null, true] } });
      const spec = fresh({ item, repository: '', stack: '' });
      await one.claim(spec);
      expect(await other.find(spec.incident)).toMatchObject({ spec, status: {} });
    });

    test('keeps a status, and gives each write a version of its own', async () => {
      const claim = await claimed();
      const status: ClaimStatus = {
        state: 'awaiting_approval',
        taskId: 't-1',
        taskCreatedAt: '2026-11-21T10:15:31.000Z',
        told: ['approval a-1'],
        tellingUntil: '2026-11-21T10:25:31.000Z',
        problem: 'Neo does not see "the stack"',
      };
      const written = await one.update(claim, status);
      expect(written).toMatchObject({ spec: claim.spec, status });
      expect(written?.version).not.toBe(claim.version);
      expect(await other.find(claim.spec.incident)).toEqual(written);
    });

    test('takes a status away as a whole', async () => {
      const claim = await claimed();
      const written = await one.update(claim, { state: 'refused', problem: 'no' });
      expect(written).not.toBeNull();
      if (written !== null) await one.update(written, { askedAt: '2026-11-21T10:15:31.000Z' });
      expect((await one.find(claim.spec.incident))?.status).toEqual({ askedAt: '2026-11-21T10:15:31.000Z' });
    });

    test('refuses a write after another came first, and keeps the other', async () => {
      const claim = await claimed();
      expect(await other.update(claim, { state: 'running', taskId: 't-1' })).not.toBeNull();
      expect(await one.update(claim, { state: 'running', taskId: 't-2' })).toBeNull();
      expect((await one.find(claim.spec.incident))?.status).toEqual({ state: 'running', taskId: 't-1' });
    });

    test('lets exactly one of twenty write on the same version', async () => {
      const claim = await claimed();
      const writes = await Promise.all(
        Array.from({ length: 20 }, (_, index) =>
          (index % 2 === 0 ? one : other).update(claim, { state: 'running', taskId: `t-${index}` }),
        ),
      );
      const [written, ...more] = writes.filter((write) => write !== null);
      expect(more).toEqual([]);
      expect(await one.find(claim.spec.incident)).toEqual(written);
    });

    test('writes on no claim that is not there', async () => {
      const claim = await claimed();
      expect(await one.update({ ...claim, spec: fresh() }, { state: 'running', taskId: 't-1' })).toBeNull();
    });

    test('lists what is left to be done, until it is settled', async () => {
      const [open, done] = [await claimed(), await claimed()];
      await one.update(open, { state: 'running', taskId: 't-1' });
      await one.update(done, { state: 'fixed', taskId: 't-2', settledAt: '2026-11-21T10:15:31.000Z' });
      const listed = await incidents(other);
      expect(listed).toContain(open.spec.incident);
      expect(listed).not.toContain(done.spec.incident);
    });

    test('lists the claims of a finding at once, and no other', async () => {
      const key = randomUUID().replaceAll('-', '');
      const finding = { key, event: null, source: 'falco' } as const;
      expect(await one.ofFinding(key)).toEqual([]);
      const claims = [
        await claimed({ finding }),
        await claimed({ finding: { ...finding, event: key, source: 'pagerduty' } }),
      ];
      await claimed();
      await claimed({ finding: { ...finding, key: '0'.repeat(32) } });
      const listed = await other.ofFinding(key);
      expect(listed.map(({ spec }) => spec.incident).sort()).toEqual(claims.map(({ spec }) => spec.incident).sort());
      expect(listed).toEqual(expect.arrayContaining(claims));
    });

    test('lists a bounded number of claims of a finding', async () => {
      const key = randomUUID().replaceAll('-', '');
      for (let index = 0; index < MOST_OF_FINDING + 5; index += 1)
        await claimed({ finding: { key, event: null, source: 'pagerduty' } });
      expect(await other.ofFinding(key)).toHaveLength(MOST_OF_FINDING);
    });

    test('lists the same claims as it finds', async () => {
      const { spec } = await claimed();
      const listed = (await one.unsettled()).find((claim) => claim.spec.incident === spec.incident);
      expect(listed).toEqual(await one.find(spec.incident));
    });
  });
}
