import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { pushLines, sayOfLines } from '../../adapters/loki/push';
import { sqliteOutputs } from '../../adapters/sqlite/outputs';
import { keepLines } from '../../app/outputs/keepLines';
import { type LinesOutput, timed } from '../../app/outputs/linesOutput';
import { type OutputStore, TURN_SECONDS } from '../../app/outputs/ports';
import { sendLines } from '../../app/outputs/sendLines';
import { until } from '../../cluster/local/process/wait';
import { JOB } from '../../core/names';
import type { LogLine } from '../../core/telemetry/logLine';
import { freePort } from '../support/freePort';
import { runChild } from './support/killSelf';
import type { LineTask } from './support/lineChild';
import { type LokiLine, type RunningLoki, startLoki } from './support/loki';

const START_MS = 900_000;
const HOUR_MS = 3_600_000;

let folder: string;
let port: number;
let loki: RunningLoki | undefined;
let stores = 0;
let store: OutputStore;
/** How far the clock of the store is ahead. */
let ahead = 0;
const now = () => new Date(Date.now() + ahead);

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'loki-'));
  port = await freePort();
  ahead = 0;
  store = sqliteOutputs(join(folder, `${(stores += 1)}.sqlite`), now);
});
afterEach(async () => {
  await loki?.kill();
  loki = undefined;
  await rm(folder, { recursive: true });
});

const start = async (...flags: string[]) => (loki = await startLoki(port, join(folder, 'data'), flags));
const access = () => ({ url: `http://127.0.0.1:${port}`, tenant: '', username: '', password: '' });
const to = (): LinesOutput => ({
  instance: 'n8n',
  destination: 'loki',
  send: (lines) => sayOfLines(access(), lines),
});
const lineOf = (text: string): LogLine => ({
  labels: { job: JOB, decision: 'escalate', classification: 'needs_review' },
  metadata: { incident_id: text.slice(0, 20) },
  line: text,
});
const keep = (texts: string[], at = new Date()) => keepLines(store, to(), texts.map(lineOf), at);
/** Sends after the pause that a failure makes. */
const send = () => {
  ahead += 60_000;
  return sendLines(store, to(), now);
};
const found = (running: RunningLoki, number: number): Promise<LokiLine[]> =>
  until(`${number} lines`, 30, async () => {
    const lines = await running.lines();
    return lines.length >= number ? lines : undefined;
  });
const waiting = async () => (await store.waitingOutputs())[0]?.lines ?? 0;

test(
  'lines that are kept while Loki is down, and again while it was killed, are there once, in order',
  async () => {
    const texts = Array.from({ length: 300 }, (_, index) => `line ${String(index).padStart(3, '0')}`);
    await keep(texts.slice(0, 250));
    expect(await send()).toMatch(/^Loki at .* did not answer: .*check that Loki runs/);
    const first = await start();
    expect(await send()).toBeNull();
    await found(first, 250);
    await first.kill();
    await keep(texts.slice(250));
    expect(await send()).toMatch(/did not answer/);
    const second = await start();
    // As after a process that was killed before it could note that Loki has them.
    const all = timed(
      texts.slice(0, 250).map(lineOf),
      new Date(Number((await found(second, 250))[0]?.time.slice(0, -6))),
    );
    await pushLines(access(), all);
    expect(await send()).toBeNull();
    expect((await found(second, 300)).map(({ line }) => line)).toEqual(texts);
    expect(await waiting()).toBe(0);
  },
  START_MS,
);

test(
  'lines of two processes that are killed before, during and after a request are there once each',
  async () => {
    const running = await start();
    const file = join(folder, 'shared.sqlite');
    let aheadMs = 0;
    /** Sends all, with a process that is killed before, during and after a request; the next goes on with the line after. */
    const drive = async (of: string, step: number): Promise<string[]> => {
      const texts = Array.from({ length: 40 }, (_, index) => `${of} ${String(index).padStart(2, '0')}`);
      let kept = 0;
      for (const when of ['before', 'during', 'after', null] as const) {
        const lines = texts.slice(kept).map(lineOf);
        const kill = when === null ? null : { step, when };
        // All together less than the ten minutes that Loki takes lines ahead of its clock.
        aheadMs += (TURN_SECONDS + 1) * 1000;
        kept += (await runChild('lineChild.ts', { file, url: running.url, lines, kill, aheadMs } as LineTask)).length;
      }
      return texts;
    };
    const texts = (await Promise.all([drive('a', 5), drive('b', 9)])).flat();
    ahead = aheadMs;
    store = sqliteOutputs(file, now);
    expect(await send()).toBeNull();
    expect((await found(running, 80)).map(({ line }) => line).sort()).toEqual(texts);
    expect(await waiting()).toBe(0);
  },
  START_MS,
);

test(
  'lines too old for Loki, or for what others wrote since, get the time of now and say which they had',
  async () => {
    const running = await start();
    await pushLines(access(), timed([lineOf('now')], new Date()));
    const times = [8 * 24 * HOUR_MS, 5 * HOUR_MS, 60_000].map((before) => new Date(Date.now() - before));
    for (const [index, time] of times.entries()) await keep([`late ${index}`], time);
    expect(await send()).toBeNull();
    const lines = await found(running, 4);
    const delayedFrom = Object.fromEntries(lines.map(({ line, labels }) => [line, labels.delayed_from]));
    expect(delayedFrom).toEqual({
      'late 0': times[0]?.toISOString(),
      'late 1': times[1]?.toISOString(),
      'late 2': undefined,
      now: undefined,
    });
    expect(await waiting()).toBe(0);
  },
  START_MS,
);

test(
  'a line that is too long for Loki does not keep the others, and is there once the limit is higher',
  async () => {
    let running = await start('-distributor.max-line-size=1KB');
    const long = 'x'.repeat(2000);
    await keep(['a', long, 'b']);
    expect(await send()).toMatch(/max entry size.*max_line_size/s);
    expect((await found(running, 2)).map(({ line }) => line)).toEqual(['a', 'b']);
    expect(await waiting()).toBe(1);
    await running.kill();
    running = await start();
    ahead += HOUR_MS / 4;
    expect(await send()).toBeNull();
    expect((await found(running, 3)).map(({ line }) => line)).toEqual(['a', long, 'b']);
  },
  START_MS,
);

test(
  'without structured metadata Loki gets nothing, says what to set, and has all when it is set',
  async () => {
    await start('-validation.allow-structured-metadata=false');
    await keep(['a', 'b', 'c', 'd', 'e']);
    expect(await send()).toMatch(/structured metadata.*allow_structured_metadata/s);
    expect(await waiting()).toBe(5);
    await loki?.kill();
    const running = await start();
    ahead += HOUR_MS / 4;
    expect(await send()).toBeNull();
    expect((await found(running, 5)).map(({ line }) => line)).toEqual(['a', 'b', 'c', 'd', 'e']);
  },
  START_MS,
);

test(
  'beyond a limit of bytes in a second lines wait, and follow when there is room, each once',
  async () => {
    let running = await start(
      '-distributor.ingestion-rate-limit-mb=0.0001',
      '-distributor.ingestion-burst-size-mb=0.01',
    );
    const texts = ['a', 'b', 'c'].map((text) => text.repeat(4000));
    await keep(texts);
    expect(await send()).toMatch(/answered 429.*ingestion_rate_mb/s);
    expect(await waiting()).toBeGreaterThan(0);
    await running.kill();
    running = await start();
    expect(await send()).toBeNull();
    expect((await found(running, 3)).map(({ line }) => line)).toEqual(texts);
    expect(await waiting()).toBe(0);
  },
  START_MS,
);

test(
  'a Loki with tenants says what to set, and nothing is lost meanwhile',
  async () => {
    const running = await start('-auth.enabled=true');
    await keep(['a']);
    expect(await send()).toMatch(/set Tenant in the Loki credential/);
    const tenant: LinesOutput = { ...to(), send: (lines) => sayOfLines({ ...access(), tenant: 'team' }, lines) };
    ahead += 60_000;
    expect(await sendLines(store, tenant, now)).toBeNull();
    expect(await waiting()).toBe(0);
    await running.kill();
    loki = undefined;
  },
  START_MS,
);
