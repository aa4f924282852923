import { randomUUID } from 'node:crypto';

import type { OutputStore } from '../../app/outputs/ports';
import { showCounts } from '../../app/outputs/showCounts';
import { counted, gauged, type Sample } from '../../core/telemetry/samples';

export interface OutputStores {
  /** Stores on the same outputs, each as another process has it. */
  stores: [OutputStore, OutputStore];
  /** Lets all turns and pauses end. */
  pass: () => Promise<void>;
}

const EVENTS = counted('incident_pipeline_events_total');
const FAILURES = counted('incident_pipeline_failure_total');
const last = (value: number): Sample[] => gauged('incident_pipeline_mtta_seconds', value);

/** What every store of outputs does, whatever it keeps them in. */
export function outputStoreContract(open: () => Promise<OutputStores>): void {
  let one: OutputStore;
  let other: OutputStore;
  let pass: () => Promise<void>;
  beforeAll(async () => {
    ({
      stores: [one, other],
      pass,
    } = await open());
  });
  const values = async (instance: string): Promise<Record<string, number>> => {
    const { values: held } = await other.counts(instance);
    return Object.fromEntries(held.map(({ series, value }) => [(JSON.parse(series) as [string])[0], value]));
  };

  describe('a store of counts', () => {
    test('has one name, whichever process asks first, and however often', async () => {
      const names = await Promise.all([one.name(), other.name(), one.name()]);
      expect(new Set(names).size).toBe(1);
      expect(names[0]).toMatch(/^\S+-[0-9a-f]{8}$/);
    });

    test('adds up the counts of several processes at once, and keeps the last value of a gauge', async () => {
      const n8n = randomUUID();
      await Promise.all(
        Array.from({ length: 40 }, (_, index) =>
          (index % 2 === 0 ? one : other).count(n8n, `pass ${index}`, [
            ...EVENTS,
            ...FAILURES,
            ...EVENTS,
            ...last(index),
          ]),
        ),
      );
      await one.count(n8n, null, last(7));
      expect(await values(n8n)).toEqual({
        incident_pipeline_events_total: 80,
        incident_pipeline_failure_total: 40,
        incident_pipeline_mtta_seconds: 7,
      });
      expect((await one.counts(n8n)).version).toBe(41);
    });

    test('counts a pass once, also when twenty processes count it at once, and without a pass always', async () => {
      const n8n = randomUUID();
      await Promise.all(
        Array.from({ length: 20 }, (_, index) => (index % 2 === 0 ? one : other).count(n8n, 'the same', EVENTS)),
      );
      await one.count(n8n, null, FAILURES);
      await other.count(n8n, null, FAILURES);
      expect(await values(n8n)).toEqual({ incident_pipeline_events_total: 1, incident_pipeline_failure_total: 2 });
    });

    test('keeps the counts of each n8n apart, whatever its name', async () => {
      const names = ['a/b', "'; drop table series; --", 'Προμηθεύς', ''];
      for (const name of names) await one.count(`${name}/${randomUUID()}`, 'p', EVENTS);
      const n8n = `${randomUUID()}'"\\`;
      await one.count(n8n, "p'", EVENTS);
      expect(await values(n8n)).toEqual({ incident_pipeline_events_total: 1 });
    });

    test('has nothing of an n8n that counted nothing', async () => {
      expect(await one.counts(randomUUID())).toEqual({ version: 0, values: [] });
    });
  });

  describe('the turn to deliver an output', () => {
    test('is had by one of twenty who want it at once, and by the next after its end', async () => {
      const output = randomUUID();
      const turns = await Promise.all(
        Array.from({ length: 20 }, (_, index) => (index % 2 === 0 ? one : other).begin(output, `process ${index}`)),
      );
      expect(turns.filter(({ mine }) => mine)).toEqual([{ mine: true, delivered: 0 }]);
      expect(turns.find(({ mine }) => !mine)).toEqual({ mine: false, problem: null });
      const holder = `process ${turns.findIndex(({ mine }) => mine)}`;
      await one.end(output, holder, { delivered: 5 });
      expect(await other.begin(output, 'next')).toEqual({ mine: true, delivered: 5 });
    });

    test('after a failed attempt comes after a pause, in which everyone hears of the failure', async () => {
      const output = randomUUID();
      await one.begin(output, 'one');
      await one.end(output, 'one', { problem: 'it is down' });
      expect(await other.begin(output, 'other')).toEqual({ mine: false, problem: 'it is down' });
      await pass();
      expect(await other.begin(output, 'other')).toEqual({ mine: true, delivered: 0 });
    });

    test('of a process that was killed passes to another, and its end is then no concern of it', async () => {
      const output = randomUUID();
      await one.begin(output, 'killed');
      expect(await other.begin(output, 'other')).toEqual({ mine: false, problem: null });
      await pass();
      expect(await other.begin(output, 'other')).toEqual({ mine: true, delivered: 0 });
      await one.end(output, 'killed', { delivered: 9 });
      expect(await one.begin(output, 'killed')).toEqual({ mine: false, problem: null });
    });
  });

  describe('showing counts', () => {
    const shows = (
      instance: string,
      show: (store: string, text: string) => Promise<void>,
      store = one,
      always = false,
    ) => showCounts(store, { instance, destination: 'd', show }, always);

    test('shows the whole state once, and again when something was counted', async () => {
      const n8n = randomUUID();
      const texts: string[] = [];
      const show = (_: string, text: string) => Promise.resolve(void texts.push(text));
      await one.count(n8n, 'a', EVENTS);
      expect(await shows(n8n, show)).toBeNull();
      expect(await shows(n8n, show, other)).toBeNull();
      await other.count(n8n, 'b', EVENTS);
      expect(await shows(n8n, show)).toBeNull();
      expect(texts.map((text) => /^incident_pipeline_events_total (\d+)$/m.exec(text)?.[1])).toEqual(['1', '2']);
      await shows(n8n, show, other, true);
      expect(texts).toHaveLength(3);
    });

    test('shows what is counted while it sends, and never an older state after a newer one', async () => {
      const n8n = randomUUID();
      const shown: number[] = [];
      const show = async (_: string, text: string) => {
        const events = Number(/^incident_pipeline_events_total (\d+)$/m.exec(text)?.[1]);
        if (events < 5) {
          await other.count(n8n, null, EVENTS);
          // The turn is taken: what was counted is left to its holder.
          expect(await shows(n8n, () => Promise.reject(new Error('two send at once')), other)).toBeNull();
        }
        shown.push(events);
      };
      await one.count(n8n, null, EVENTS);
      expect(await shows(n8n, show)).toBeNull();
      expect(shown).toEqual([1, 2, 3, 4, 5]);
    });

    test('that fails says why, is tried again after a pause, and loses nothing', async () => {
      const n8n = randomUUID();
      let tried = 0;
      const fails = () => {
        tried += 1;
        return Promise.reject(new Error('it is down'));
      };
      await one.count(n8n, null, EVENTS);
      expect(await shows(n8n, fails)).toBe('it is down');
      await other.count(n8n, null, EVENTS);
      expect(await shows(n8n, fails, other)).toBe('it is down');
      expect(tried).toBe(1);
      await pass();
      let text = '';
      expect(await shows(n8n, (_, said) => Promise.resolve(void (text = said)), other)).toBeNull();
      expect(text).toContain('incident_pipeline_events_total 2\n');
    });
  });
}
