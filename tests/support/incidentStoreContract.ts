import { randomUUID } from 'node:crypto';

import type { IncidentStore } from '../../app/incidents/ports';
import { afterPass } from '../../core/folding/fold';
import { specOf } from '../../core/folding/storm';
import { type IncidentRecord, type IncidentSpec, statusOf } from '../../core/incident/incidentRecord';
import { eventOf } from './incidents';

/** The content of a new incident, as its first event opens it. */
export function specFrom(change: Parameters<typeof eventOf>[0] = {}, at = new Date()): IncidentSpec {
  const alert = eventOf(change, at);
  return specOf(alert, alert.subject, afterPass(null, alert, 'opened', { model: true, notify: true }, at));
}

/**
 * What every store of incidents does, whatever it keeps them in. `stores` gives stores of the same incidents, each as
 * another worker's would be; incidents of others may be there.
 */
export function incidentStoreContract(stores: () => Promise<[IncidentStore, IncidentStore]>): void {
  describe('a store of incidents', () => {
    let one: IncidentStore;
    let other: IncidentStore;
    beforeAll(async () => {
      [one, other] = await stores();
    });
    const newName = () => `incident-${randomUUID()}`;
    const opened = async (name = newName()): Promise<IncidentRecord> => {
      const record = await one.create(name, specFrom());
      if (record === null) throw new Error(`${name} was there`);
      return record;
    };

    test('has none that nobody opened', async () => {
      expect(await one.find(newName())).toBeNull();
    });

    test.each([1, 2, 3])('opens an incident once for twenty events at the same moment (%i)', async () => {
      const name = newName();
      const created = await Promise.all(
        Array.from({ length: 20 }, (_, index) =>
          (index % 2 === 0 ? one : other).create(name, specFrom({ id: `event-of-worker-${index}` })),
        ),
      );
      const [winner, ...more] = created.filter((record) => record !== null);
      expect(more).toEqual([]);
      for (const store of [one, other]) {
        const found = await store.find(name);
        expect([found?.spec, found?.metadata.resourceVersion]).toEqual([
          winner?.spec,
          winner?.metadata.resourceVersion,
        ]);
      }
    });

    test('gives each write a version of its own, and finds what was written', async () => {
      const record = await opened();
      const status = { ...statusOf(record), count: 17, state: 'Settled' as const, reason: 'a "test" \\ 😀' };
      const written = await one.update(record, status);
      expect(written).toMatchObject({ spec: record.spec, status });
      expect(written?.metadata.resourceVersion).not.toBe(record.metadata.resourceVersion);
      expect(await one.find(record.metadata.name)).toMatchObject({ status });
    });

    test('lets exactly one of twenty write on the same version, whose word is then what both know', async () => {
      const record = await opened();
      const { name } = record.metadata;
      await other.find(name);
      const writes = await Promise.all(
        Array.from({ length: 20 }, (_, index) =>
          (index % 2 === 0 ? one : other).update(record, { ...statusOf(record), count: index + 1 }),
        ),
      );
      const [winner, ...more] = writes.filter((write) => write !== null);
      expect(more).toEqual([]);
      for (const store of [one, other])
        expect(statusOf((await store.find(name)) ?? record).count).toBe(winner?.status?.count);
    });

    test('writes no incident that is not there', async () => {
      const record = await opened();
      const gone = { ...record, metadata: { ...record.metadata, name: newName() } };
      expect(await one.update(gone, statusOf(record))).toBeNull();
      expect(await one.find(gone.metadata.name)).toBeNull();
    });

    test('lists what this worker opened and wrote a moment ago', async () => {
      const named = async ({ metadata: { name } }: IncidentRecord) =>
        (await one.all()).find(({ metadata }) => metadata.name === name);
      const record = await opened();
      expect(await named(record)).toMatchObject({ spec: record.spec });
      await one.update(record, { ...statusOf(record), count: 5 });
      expect(await named(record)).toMatchObject({ status: { count: 5 } });
    });
  });
}
