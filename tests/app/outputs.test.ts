import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { sqliteOutputs } from '../../adapters/sqlite/outputs';
import { keepLines } from '../../app/outputs/keepLines';
import type { LinesOutput, Said } from '../../app/outputs/linesOutput';
import { type OutputStore, type TimedLine, WAITING_BOUNDS } from '../../app/outputs/ports';
import { sendLines } from '../../app/outputs/sendLines';
import { exposition } from '../../core/telemetry/exposition';
import type { LogLine } from '../../core/telemetry/logLine';

const folder = mkdtempSync(join(tmpdir(), 'lines-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

let at: number;
const now = () => new Date(at);
let store: OutputStore;
let files = 0;
beforeEach(() => {
  at = Date.parse('2026-11-28T10:00:00Z');
  store = sqliteOutputs(join(folder, `${(files += 1)}.sqlite`), now);
});

const lineOf = (text: string): LogLine => ({
  labels: { job: 'j', decision: 'd', classification: 'c' },
  metadata: { incident_id: `incident of ${text}`, event: 'incident' },
  line: text,
});

/** A server of lines: what it has by time and text, as Loki does, and each request's texts. */
function server(answer: (lines: readonly TimedLine[]) => Said | Promise<Said> = () => 'taken') {
  const has: string[] = [];
  const requests: string[][] = [];
  const to: LinesOutput = {
    instance: 'n8n',
    destination: 'loki',
    send: async (lines) => {
      requests.push(lines.map(({ line }) => line.line));
      const said = await answer(lines);
      if (said === 'taken')
        for (const { time, line } of lines) if (!has.includes(`${time} ${line.line}`)) has.push(`${time} ${line.line}`);
      return said;
    },
  };
  return { to, has, requests, texts: () => has.map((each) => each.slice(each.indexOf(' ') + 1)) };
}

const keep = async (to: LinesOutput, ...texts: string[]): Promise<number> => {
  at += 1;
  return keepLines(store, to, texts.map(lineOf), now());
};
const send = (to: LinesOutput) => sendLines(store, to, now);
const series = async (): Promise<string[]> =>
  exposition((await store.counts('n8n')).values)
    .split('\n')
    .filter((line) => line.startsWith('incident_pipeline_output_') && !line.endsWith(' 0'));
const afterPause = () => (at += 60_000);

describe('lines', () => {
  test('are sent at once, and cost no count', async () => {
    const { to, texts, requests } = server();
    await keep(to, 'a', 'b');
    expect(await send(to)).toBeNull();
    expect([texts(), requests.length, await series()]).toEqual([['a', 'b'], 1, []]);
    expect(await store.waitingOutputs()).toEqual([]);
  });

  test('wait while the server is down, and are sent later, in order, once, with the times that they had', async () => {
    let down = true;
    const { to, has, requests } = server(() => (down ? { down: 'it is down' } : 'taken'));
    await keep(to, 'a', 'b');
    const time = at;
    expect(await send(to)).toBe('it is down');
    await keep(to, 'c');
    expect(await send(to)).toBe('it is down');
    expect(requests).toEqual([['a', 'b']]);
    expect(await series()).toEqual([
      'incident_pipeline_output_failure_total{output="loki"} 1',
      'incident_pipeline_output_waiting 2',
      `incident_pipeline_output_waiting_since_timestamp_seconds ${time / 1000}`,
    ]);
    down = false;
    afterPause();
    expect(await send(to)).toBeNull();
    expect(has).toEqual([`${time}000000 a`, `${time}000001 b`, `${time + 1}000000 c`]);
    expect(await series()).toEqual([
      'incident_pipeline_output_failure_total{output="loki"} 1',
      'incident_pipeline_output_late_total{output="loki"} 2',
    ]);
  });

  test('of a sender that throws wait as well', async () => {
    const { to } = server(() => Promise.reject(new Error('broken')));
    await keep(to, 'a');
    expect(await send(to)).toBe('broken');
    expect((await store.waitingOutputs())[0]?.lines).toBe(1);
  });

  test('of a process that was killed after the server had them are sent again as they were', async () => {
    const { to, has } = server();
    await keep(to, 'a');
    const killed: OutputStore = { ...store, sent: () => new Promise(() => undefined) };
    void sendLines(killed, to, now);
    await new Promise(setImmediate);
    expect(await send(to)).toBeNull();
    at += 600_000;
    expect(await send(to)).toBeNull();
    expect([has.length, await store.waitingOutputs()]).toEqual([1, []]);
  });

  test('that are kept while another execution sends are left to it', async () => {
    const { to, texts } = server(async (lines): Promise<Said> => {
      if (lines[0]?.line.line === 'a') {
        await keep(to, 'b');
        expect(await send(to)).toBeNull();
      }
      return 'taken';
    });
    await keep(to, 'a');
    expect(await send(to)).toBeNull();
    expect(texts()).toEqual(['a', 'b']);
  });

  test('of a long outage are sent by several executions, each with a bounded number of requests', async () => {
    const { to, texts, requests } = server();
    const all = Array.from({ length: 5_000 }, (_, index) => `${index}`);
    await keep(to, ...all);
    await send(to);
    expect([requests.length, texts().length]).toEqual([20, 4_000]);
    await send(to);
    expect(texts()).toEqual(all);
  });

  test('go in requests of about a megabyte', async () => {
    const { to, requests } = server();
    for (let each = 0; each < 12; each += 1) await keep(to, `${each}`.padEnd(125_000, 'x'));
    await send(to);
    expect(requests.map((lines) => lines.length)).toEqual([5, 5, 2]);
  });
});

describe('a line that the server refuses', () => {
  test('does not keep the others, and is tried again later', async () => {
    let mended = false;
    const { to, texts } = server((lines) =>
      !mended && lines.some(({ line }) => line.line === 'bad') ? { refused: 'too long' } : 'taken',
    );
    await keep(to, 'a', 'bad', 'c');
    expect(await send(to)).toBe('too long');
    expect(texts()).toEqual(['a', 'c']);
    await keep(to, 'd');
    expect(await send(to)).toBeNull();
    expect((await store.waitingOutputs())[0]?.lines).toBe(1);
    mended = true;
    at += 601_000;
    expect(await send(to)).toBeNull();
    expect(texts()).toEqual(['a', 'c', 'd', 'bad']);
  });

  test('like every other stops the attempt after three', async () => {
    const { to, requests } = server(() => ({ refused: 'no structured metadata' }));
    await keep(to, 'a', 'b', 'c', 'd', 'e');
    expect(await send(to)).toBe('no structured metadata');
    expect(requests.slice(1)).toEqual([['a'], ['b'], ['c']]);
    expect(await send(to)).toBe('no structured metadata');
    expect(requests).toHaveLength(4);
  });

  test('as too old gets the time of now, which is kept before it is sent, and says what it had', async () => {
    const times: string[] = [];
    const { to, has } = server((lines) => {
      times.push(...lines.map(({ time }) => time));
      return lines.every(({ time }) => Number(time.slice(0, -6)) > at - 3_600_000) ? 'taken' : 'too old';
    });
    await keep(to, 'a');
    const then = at;
    at += 7_200_000;
    const lost: OutputStore = { ...store, sent: () => Promise.reject(new Error('killed')) };
    await expect(sendLines(lost, to, now)).rejects.toThrow('killed');
    const first = at;
    at += 600_000;
    expect(await send(to)).toBeNull();
    expect(has).toEqual([`${first}000000 a`]);
    expect(times).toEqual([`${then}000000`, `${first}000000`, `${first}000000`]);
  });

  test('as too old with the time of now as well is put off, and said to be refused', async () => {
    const { to } = server(() => 'too old');
    await keep(to, 'a');
    expect(await send(to)).toContain('too old');
    expect(await store.next(JSON.stringify(['lines', 'n8n', 'loki']), { lines: 1, bytes: 1 })).toEqual([]);
  });
});

describe('a line of a process whose clock is off by an hour', () => {
  const HOUR_MS = 3_600_000;
  const notes: (string | undefined)[] = [];
  /** By the server's clock, as Loki does: an hour back, and ten minutes ahead. */
  const serverAt = (time: number) =>
    server((lines) => {
      const [ms = 0] = lines.map((each) => Number(each.time.slice(0, -6)));
      notes.push(lines[0]?.line.metadata.delayed_from);
      if (ms <= time - HOUR_MS) return 'too old';
      return ms > time + 600_000 ? 'too new' : 'taken';
    });

  test.each([
    ['ahead', HOUR_MS],
    ['behind', -HOUR_MS],
  ])('%s is sent a minute later by one whose clock is right, with its time, and says what it had', async (_, off) => {
    const right = at + 10;
    const { to, has } = serverAt(right + 61_000);
    at = right + off;
    const kept = new Date(at + 1).toISOString();
    await keep(to, 'a');
    expect(await send(to)).toMatch(/too (?:old|new), with the time of now as well/);
    expect(has).toEqual([]);
    // A file waits by the clock of its process; PostgreSQL by its own.
    await store.putOff(JSON.stringify(['lines', 'n8n', 'loki']), 1, -2 * HOUR_MS);
    at = right + 61_000;
    expect(await send(to)).toBeNull();
    expect(has).toEqual([`${at}000000 a`]);
    expect(await store.waitingOutputs()).toEqual([]);
    expect(notes.at(-1)).toBe(kept);
  });
});

describe('lines beyond the bounds', () => {
  test('are dropped, the oldest first, counted, and named in a line', async () => {
    let down = true;
    const { to, texts } = server(() => (down ? { down: 'it is down' } : 'taken'));
    const all = Array.from({ length: WAITING_BOUNDS.lines }, (_, index) => `${index}`);
    expect(await keep(to, ...all)).toBe(0);
    expect(await keep(to, 'last')).toBe(WAITING_BOUNDS.dropped);
    expect(await series()).toEqual([
      `incident_pipeline_output_dropped_total{output="loki",reason="number"} ${WAITING_BOUNDS.dropped}`,
      `incident_pipeline_output_waiting ${WAITING_BOUNDS.lines + 2 - WAITING_BOUNDS.dropped}`,
      expect.stringContaining('waiting_since'),
    ]);
    down = false;
    while ((await store.waitingOutputs()).length > 0) await send(to);
    expect(texts().slice(0, -1)).toEqual([...all.slice(WAITING_BOUNDS.dropped), 'last']);
    const named = JSON.parse(texts().at(-1) ?? '') as { incidents: string[] };
    expect(named).toMatchObject({ event: 'dropped', reasons: ['number'], lines: 1000, kinds: ['incident'] });
    expect(named.incidents.length).toBe(WAITING_BOUNDS.dropped);
    expect(named.incidents[0]).toBe('incident of 0');
    expect((texts().at(-1) ?? '').length).toBeLessThan(250_000);
  });
});
