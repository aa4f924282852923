import { type OutputSettings, READ_BOUNDS, readOutput } from '../../app/falcoOutput/readOutput';
import type { LokiEntry } from '../../core/alert/falcoLine';

const NOW = new Date('2026-11-27T10:00:00Z');
const SETTINGS: OutputSettings = { lookBackHours: 24, graceSeconds: 120, minimumPriority: 'debug' };
const PAGE = 10;

/** Nanoseconds, so many seconds before now. */
const ago = (seconds: number, more = 0) => BigInt(NOW.getTime() - seconds * 1000) * 1_000_000n + BigInt(more);

const entry = (time: bigint, pod = 'a', priority = 'Notice'): LokiEntry => ({
  time: String(time),
  line: 'A rule',
  labels: { rule: 'A rule', priority, hostname: 'node', namespace: 'shop', pod },
});

/** A Loki with these lines, and what was asked of it. */
function loki(lines: readonly LokiEntry[], size = PAGE) {
  const sorted = lines.toSorted((one, other) => (BigInt(one.time) < BigInt(other.time) ? -1 : 1));
  const asked: [from: bigint, to: bigint][] = [];
  const page = (from: bigint, to: bigint) => {
    asked.push([from, to]);
    const entries = sorted.filter(({ time }) => BigInt(time) >= from && BigInt(time) < to).slice(0, size);
    return Promise.resolve({ entries, isFull: entries.length >= size });
  };
  return { page, asked };
}

const pods = ({ events }: Awaited<ReturnType<typeof readOutput>>) =>
  events.map(({ falco }) => falco.output_fields['k8s.pod.name']);

describe('readOutput', () => {
  test('throws what Loki says, so that the next run begins at the same place', async () => {
    const down = new Error('Loki did not answer');
    let pages = 0;
    const page = () => {
      pages += 1;
      if (pages > 1) return Promise.reject(down);
      return Promise.resolve({
        entries: Array.from({ length: PAGE }, (_, line) => entry(ago(900 - line))),
        isFull: true,
      });
    };
    await expect(readOutput(page, null, SETTINGS, NOW)).rejects.toBe(down);
  });

  test('of an empty stream has nothing, and is at its end', async () => {
    expect(await readOutput(loki([]).page, null, SETTINGS, NOW)).toEqual({
      events: [],
      lines: 0,
      skipped: 0,
      behindMs: 0,
      mark: { cursor: String(ago(120)), caughtUp: true },
    });
  });

  test('goes back as far as it may without a mark, and ends at the grace', async () => {
    const { page, asked } = loki([]);
    await readOutput(page, null, { ...SETTINGS, lookBackHours: 1 }, NOW);
    expect(asked).toEqual([[ago(3600), ago(120)]]);
  });

  test('asks for no more time at once than Loki answers, and for nothing that is older', async () => {
    const { page, asked } = loki([]);
    await readOutput(page, { cursor: '1', caughtUp: true }, SETTINGS, NOW);
    expect(asked[0]?.[0]).toBe(ago(30 * 86_400));
    for (const [from, to] of asked) expect(to - from).toBeLessThanOrEqual(86_400_000_000_000n);
  });

  test('reads a little again after it was at the end, for what came late and out of order, and no gap otherwise', async () => {
    for (const [caughtUp, again] of [
      [true, 600],
      [false, 0],
    ] as const) {
      const { page, asked } = loki([]);
      await readOutput(page, { cursor: String(ago(900)), caughtUp }, SETTINGS, NOW);
      expect(asked[0]?.[0]).toBe(ago(900 + again));
    }
  });

  test('reads on where a clock that was ahead had put the mark beyond now', async () => {
    const { page } = loki([entry(ago(300))]);
    const reading = await readOutput(page, { cursor: String(ago(-86_400)), caughtUp: true }, SETTINGS, NOW);
    expect(pods(reading)).toEqual(['a']);
    expect(reading.mark.cursor).toBe(String(ago(120)));
  });

  test('has every line of all pages, the oldest first, also those of one time that a page parts', async () => {
    const lines = Array.from({ length: 35 }, (_, line) => entry(ago(900, Math.floor(line / 4)), `pod-${line}`));
    const reading = await readOutput(loki(lines).page, null, SETTINGS, NOW);
    expect(pods(reading)).toEqual(lines.map(({ labels }) => labels.pod));
    expect(reading.mark.caughtUp).toBe(true);
  });

  test('gets past a whole page of one time', async () => {
    const lines = [...Array.from({ length: 30 }, () => entry(ago(900))), entry(ago(800), 'after')];
    expect(pods(await readOutput(loki(lines).page, null, SETTINGS, NOW))).toEqual(['a', 'after']);
  });

  test('has of events that are alike the first and the last', async () => {
    const lines = [900, 800, 700, 600].map((seconds) => entry(ago(seconds)));
    const reading = await readOutput(loki(lines).page, null, SETTINGS, NOW);
    expect(reading.events.map(({ position }) => position)).toEqual([String(ago(900)), String(ago(600))]);
  });

  test('counts what it skips', async () => {
    const lines = [{ ...entry(ago(900)), labels: {} }, entry(ago(800), 'b', 'Debug'), entry(ago(700), 'c')];
    const reading = await readOutput(loki(lines).page, null, { ...SETTINGS, minimumPriority: 'notice' }, NOW);
    expect(reading).toMatchObject({ lines: 3, skipped: 2 });
    expect(pods(reading)).toEqual(['c']);
  });

  test('reads a bounded number of pages, says how far behind it is, and loses nothing over several runs', async () => {
    const lines = Array.from({ length: 250 }, (_, line) => entry(ago(3000 - line), `pod-${line}`));
    const { page, asked } = loki(lines);
    const seen = new Set<unknown>();
    let mark: Awaited<ReturnType<typeof readOutput>>['mark'] | null = null;
    let runs = 0;
    while (mark?.caughtUp !== true) {
      const before = asked.length;
      const reading = await readOutput(page, mark, SETTINGS, NOW);
      expect(asked.length - before).toBeLessThanOrEqual(READ_BOUNDS.pages);
      expect(reading.behindMs > 0).toBe(!reading.mark.caughtUp);
      for (const pod of pods(reading)) seen.add(pod);
      ({ mark } = reading);
      runs += 1;
    }
    expect(runs).toBeGreaterThan(1);
    expect(seen.size).toBe(lines.length);
  });

  test('stops at a bounded number of events', async () => {
    const lines = Array.from({ length: 3000 }, (_, line) => entry(ago(9000 - line), `pod-${line}`));
    const { events, mark } = await readOutput(loki(lines, 400).page, null, SETTINGS, NOW);
    expect(events).toHaveLength(2395);
    expect(mark).toEqual({ cursor: events.at(-1)?.position, caughtUp: false });
  });
});
