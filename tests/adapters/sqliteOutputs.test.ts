import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { openDatabase } from '../../adapters/sqlite/database';
import { sqliteOutputs } from '../../adapters/sqlite/outputs';
import { outputStatus } from '../../adapters/sqlite/status';
import { REMEMBERED_PASSES } from '../../app/outputs/ports';
import { PipelineError } from '../../core/errors';
import { counted } from '../../core/telemetry/samples';
import { outputStoreContract } from '../support/outputStoreContract';
import { run } from '../support/run';

const folder = mkdtempSync(join(tmpdir(), 'outputs-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

let at = Date.parse('2026-11-28T10:00:00Z');
const now = () => new Date(at);
const EVENT = counted('incident_pipeline_events_total');

outputStoreContract(() => {
  const file = join(folder, 'shared', 'outputs.sqlite');
  return Promise.resolve({
    stores: [sqliteOutputs(file, now), sqliteOutputs(`${folder}/./shared/outputs.sqlite`, now)],
    pass: () => {
      at += 600_000;
      return Promise.resolve();
    },
    age: (_output, days) => {
      at += days * 86_400_000;
      return Promise.resolve();
    },
  });
});

describe('outputs in a file', () => {
  test('are readable for their owner alone', () => {
    const file = join(folder, 'private', 'outputs.sqlite');
    sqliteOutputs(file, now);
    expect(statSync(join(folder, 'private')).mode & 0o777).toBe(0o700);
  });

  test('remember a bounded number of passes', async () => {
    const store = sqliteOutputs(join(folder, 'many.sqlite'), now);
    expect(REMEMBERED_PASSES).toBeGreaterThan(10_000);
    for (let pass = 0; pass <= REMEMBERED_PASSES; pass += 1) await store.count('n8n', `pass ${pass}`, []);
    for (const pass of [1, REMEMBERED_PASSES]) await store.count('n8n', `pass ${pass}`, EVENT);
    expect((await store.counts('n8n')).values).toEqual([]);
    await store.count('n8n', 'pass 0', EVENT);
    expect((await store.counts('n8n')).values).toHaveLength(1);
  });

  test('do not keep a turn that was never ended when the clock was set back', async () => {
    const store = sqliteOutputs(join(folder, 'clock.sqlite'), now);
    await store.begin('an output', 'killed');
    expect(await store.begin('an output', 'next')).toMatchObject({ mine: false });
    at -= 3_600_000;
    expect(await store.begin('an output', 'next')).toMatchObject({ mine: true });
    at += 3_600_000;
  });

  const failure = async (run: () => unknown): Promise<PipelineError> => {
    const error: unknown = await Promise.resolve()
      .then(run)
      .then(
        () => new Error('it worked'),
        (thrown: unknown) => thrown,
      );
    if (error instanceof PipelineError) return error;
    throw error instanceof Error ? error : new Error(String(error));
  };

  test('that are damaged are named, with what to do, and not replaced', async () => {
    const file = join(folder, 'damaged.sqlite');
    writeFileSync(file, 'no database, but what somebody wrote there'.repeat(100));
    const { code, message, nextStep } = await failure(() => sqliteOutputs(file, now));
    expect([code, message]).toEqual(['unreachable', expect.stringContaining(file)]);
    expect(nextStep).toContain('damaged: move it away');
    expect(readFileSync(file, 'utf8')).toContain('what somebody wrote');
  });

  test('where no folder can be made name the place', async () => {
    const file = join(folder, 'occupied', 'outputs.sqlite');
    writeFileSync(join(folder, 'occupied'), '');
    const { message, nextStep } = await failure(() => sqliteOutputs(file, now));
    expect(message).toContain(file);
    expect(nextStep).toContain(`may write to ${join(folder, 'occupied')}`);
  });

  test('on a full disk keep what was before, and say that the disk is full', async () => {
    const file = join(folder, 'full.sqlite');
    const store = sqliteOutputs(file, now);
    await store.count('n8n', 'a', EVENT);
    const database = openDatabase(file, '');
    const [{ page_count: pages = 0 } = {}] = database.rows('pragma page_count') as { page_count?: number }[];
    database.rows(`pragma max_page_count = ${pages}`);
    const { nextStep } = await failure(() => store.count('n8n', 'x'.repeat(100_000), EVENT));
    expect(nextStep).toBe('The disk is full: make room.');
    database.rows(`pragma max_page_count = ${pages + 1000}`);
    await store.count('n8n', 'b', EVENT);
    expect((await store.counts('n8n')).values[0]?.value).toBe(2);
  });
});

describe('the status of outputs', () => {
  test('says what waits and why, which attempt failed, and makes no file where there is none', async () => {
    const file = join(folder, 'status', 'outputs.sqlite');
    expect(await outputStatus(file)).toEqual(['Loki and Pushgateway: nothing was sent yet']);
    expect(existsSync(file)).toBe(false);
    const store = sqliteOutputs(file, now);
    expect(await outputStatus(file)).toEqual(['Loki and Pushgateway: nothing waits']);
    const kept = new Date(at).toISOString();
    const labels = { job: 'j', decision: 'd', classification: 'c' };
    await store.keep('["lines","n8n","l"]', [{ time: '1', line: { labels, metadata: {}, line: 'x'.repeat(3000) } }]);
    for (const [output, problem] of [
      ['["lines","n8n","l"]', 'Loki is down'],
      ['["counts","n8n","p"]', 'Pushgateway is down'],
    ] as const) {
      await store.begin(output, 'a');
      await store.end(output, 'a', { problem });
    }
    expect(await outputStatus(file)).toEqual([
      `Loki: 1 log lines wait since ${kept} (4 KiB): Loki is down`,
      'Pushgateway: the last attempt failed: Pushgateway is down',
    ]);
  });

  test('is printed by a program, for a folder of n8n', async () => {
    const { code, output } = await run(process.execPath, ['--import', 'tsx', 'adapters/sqlite/printStatus.ts', folder]);
    expect([code, output]).toEqual([0, 'Loki and Pushgateway: nothing was sent yet\n']);
    const without = await run(process.execPath, ['--import', 'tsx', 'adapters/sqlite/printStatus.ts']);
    expect([without.code, without.output]).toEqual([1, expect.stringContaining("n8n's folder")]);
  });
});
