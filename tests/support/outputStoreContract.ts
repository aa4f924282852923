import { randomUUID } from 'node:crypto';

import { type OutputStore, type TimedLine, WAITING_BOUNDS } from '../../app/outputs/ports';
import { showCounts } from '../../app/outputs/showCounts';
import type { LogLine } from '../../core/telemetry/logLine';
import { counted, gauged, type Sample } from '../../core/telemetry/samples';

export interface OutputStores {
  /** Stores on the same outputs, each as another process has it. */
  stores: [OutputStore, OutputStore];
  /** Lets all turns and pauses end. */
  pass: () => Promise<void>;
  /** Makes what waits older. */
  age: (output: string, days: number) => Promise<void>;
}

const EVENTS = counted('incident_pipeline_events_total');
const FAILURES = counted('incident_pipeline_failure_total');
const last = (value: number): Sample[] => gauged('incident_pipeline_mtta_seconds', value);

/** What every store of outputs does, whatever it keeps them in. */
export function outputStoreContract(open: () => Promise<OutputStores>): void {
  let one: OutputStore;
  let other: OutputStore;
  let pass: () => Promise<void>;
  let age: OutputStores['age'];
  beforeAll(async () => {
    ({
      stores: [one, other],
      pass,
      age,
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

  describe('a store of lines', () => {
    const line = (text: string, incident = 'i'): LogLine => ({
      labels: { job: 'j', decision: 'd', classification: 'c' },
      metadata: { incident_id: incident, event: 'incident' },
      line: text,
    });
    const timed = (text: string, time = '1'): TimedLine => ({ time, line: line(text) });
    const texts = async (output: string, most = { lines: 100, bytes: 1e9 }) =>
      (await other.next(output, most)).map(({ line: { line: text } }) => text);

    test('gives lines in the order in which they were kept, to every process, with their times', async () => {
      const output = randomUUID();
      await one.keep(output, [timed('a', '1795083330123000000'), timed('b'), timed('c\0\ud800 \'"')]);
      await other.keep(output, [timed('d')]);
      const lines = await other.next(output, { lines: 100, bytes: 1e9 });
      expect(lines.map(({ line: { line: text } }) => text)).toEqual(['a', 'b', 'c\0\ud800 \'"', 'd']);
      expect(lines[0]).toMatchObject({ time: '1795083330123000000', line: line('a') });
      expect(await texts(randomUUID())).toEqual([]);
    });

    test('gives no more than fits into a request, and at least one line', async () => {
      const output = randomUUID();
      await one.keep(output, [timed('x'.repeat(5000)), timed('b'), timed('c')]);
      expect((await texts(output, { lines: 2, bytes: 1e9 })).length).toBe(2);
      expect((await texts(output, { lines: 9, bytes: 100 })).length).toBe(1);
    });

    test('forgets what was sent, and says how much of it was late', async () => {
      const output = randomUUID();
      await one.keep(output, [timed('a'), timed('b')]);
      await other.late(output);
      await one.keep(output, [timed('c')]);
      const ids = (await one.next(output, { lines: 9, bytes: 1e9 })).map(({ id }) => id);
      expect(await other.sent(randomUUID(), ids)).toBe(0);
      expect(await one.sent(output, ids)).toBe(2);
      expect(await one.sent(output, ids)).toBe(0);
      expect(await one.waiting(output)).toEqual({ lines: 0, bytes: 0, since: null });
    });

    test('says what waits, and since when', async () => {
      const output = randomUUID();
      await one.keep(output, [timed('a'), timed('b')]);
      const { lines, bytes, since } = await other.waiting(output);
      expect([lines, bytes > 100, typeof since]).toEqual([2, true, 'number']);
      expect(await one.waitingOutputs()).toContainEqual({ output, lines, bytes, since });
    });

    test('puts off what is refused, so that others pass, until its time has come', async () => {
      const output = randomUUID();
      await one.keep(output, [timed('a'), timed('b')]);
      const [first] = await one.next(output, { lines: 1, bytes: 1 });
      await one.putOff(output, first?.id ?? 0, 300);
      expect(await texts(output)).toEqual(['b']);
      await pass();
      expect(await texts(output)).toEqual(['a', 'b']);
    });

    test('gives a line another time, and keeps its place', async () => {
      const output = randomUUID();
      await one.keep(output, [timed('a'), timed('b')]);
      const [first] = await one.next(output, { lines: 1, bytes: 1 });
      await one.retime(output, first?.id ?? 0, {
        time: '2',
        line: { ...line('a'), metadata: { delayed_from: 'then' } },
      });
      expect((await other.next(output, { lines: 9, bytes: 1e9 }))[0]).toMatchObject({
        time: '2',
        line: { line: 'a', metadata: { delayed_from: 'then' } },
      });
    });

    test('has what is beyond the number, oldest first, and replaces it by one line', async () => {
      const output = randomUUID();
      const most = WAITING_BOUNDS.lines;
      await one.keep(
        output,
        Array.from({ length: most }, (_, index) => timed(`line ${index}`)),
      );
      expect(await one.beyond(output)).toEqual([]);
      await one.keep(output, [timed('one more')]);
      const beyond = await other.beyond(output);
      expect([beyond.length, beyond[0]?.reason, beyond[0]?.line.line]).toEqual([
        WAITING_BOUNDS.dropped,
        'number',
        'line 0',
      ]);
      const ids = beyond.map(({ id }) => id);
      expect(new Set(await other.replace(output, ids, timed('these')))).toEqual(new Set(ids));
      expect(await one.replace(output, ids, timed('these'))).toEqual([]);
      expect((await one.waiting(output)).lines).toBe(most + 2 - WAITING_BOUNDS.dropped);
      expect(await one.beyond(output)).toEqual([]);
      expect((await texts(output, { lines: 1, bytes: 1 }))[0]).toBe(`line ${WAITING_BOUNDS.dropped}`);
    });

    test('has what is beyond the bytes: a tenth of them at once', async () => {
      const output = randomUUID();
      const large = Array.from({ length: 8 }, () => timed('x'.repeat(WAITING_BOUNDS.bytes / 8)));
      for (const each of large) await one.keep(output, [each]);
      expect((await one.beyond(output)).map(({ reason }) => reason)).toEqual(['bytes']);
    });

    test('has what is kept for too long', async () => {
      const output = randomUUID();
      await one.keep(output, [timed('old')]);
      await age(output, WAITING_BOUNDS.days + 1);
      await one.keep(output, [timed('new')]);
      expect(await one.beyond(output)).toMatchObject([{ reason: 'age', line: { line: 'old' } }]);
    });
  });

  describe('the problems of a store', () => {
    test('are the outputs of which the last attempt failed', async () => {
      const output = randomUUID();
      await one.begin(output, 'a');
      await one.end(output, 'a', { problem: 'it is down' });
      expect(await other.problems()).toContainEqual({ output, problem: 'it is down' });
      await pass();
      await other.begin(output, 'b');
      await other.end(output, 'b', { delivered: 0 });
      expect((await one.problems()).map((each) => each.output)).not.toContain(output);
    });
  });
}
