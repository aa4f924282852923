import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Client } from 'pg';

import { openDatabase } from '../../adapters/sqlite/database';
import { counted } from '../../core/telemetry/samples';
import { freePort } from '../support/freePort';
import { type RunningPostgres, startPostgres } from '../support/postgres';
import { type KillAt, runChild } from './support/killSelf';
import { type CountTask, openStore, showAt, type StorePlace } from './support/countChild';
import { type RunningPushgateway, startPushgateway, sumOf } from './support/pushgateway';

const EVENTS = 'incident_pipeline_events_total';
/** After the turn of a process that was killed. */
const later = () => new Date(Date.now() + 600_000);

let folder: string;
let postgres: RunningPostgres;
let port: number;
let gateway: RunningPushgateway;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pushgateway-'));
  postgres = await startPostgres();
  port = await freePort();
}, 60_000);
afterAll(async () => {
  await postgres.close();
  await rm(folder, { recursive: true });
});
beforeEach(async () => {
  gateway = await startPushgateway(port);
}, 300_000);
afterEach(() => gateway.stop());

let files = 0;
const newFile = (): StorePlace => ({ file: join(folder, `${(files += 1)}`, 'outputs.sqlite') });

const count = (task: CountTask) => runChild('countChild.ts', task);

const passes = (of: string, number: number) => Array.from({ length: number }, (_, index) => `${of} ${index}`);

/** The turns of processes that were killed are over. */
async function endTurns(place: StorePlace): Promise<void> {
  if ('file' in place) {
    openDatabase(place.file, '').rows('update output set until = 0');
    return;
  }
  const { host, port: at, database, user, password } = postgres.access;
  const client = new Client({ host, port: at, database, user, password });
  await client.connect();
  await client.query('update incident_pipeline_output set until = now()');
  await client.end();
}

describe('counts of several processes at a real Pushgateway', () => {
  test.each([
    ['a file', newFile],
    ['PostgreSQL', () => ({ postgres: postgres.access })],
  ])(
    'with %s are what was counted, with processes killed before, during and after a push and started again',
    async (_where, place) => {
      const there = place();
      const run = (of: string, kill: KillAt | null = null) =>
        count({ place: there, url: gateway.url, instance: 'n8n', passes: passes(of, 60), kill });
      // n8n runs again what was killed: each process begins with the first pass, and two may have the same.
      for (const when of ['before', 'during', 'after'] as const) {
        await run('a', { step: 7, when });
        await endTurns(there);
        await Promise.all([run('a', { step: 23, when }), run('b', { step: 41, when }), run('b')]);
        await endTurns(there);
      }
      await Promise.all([run('a'), run('b')]);
      expect(await showAt(openStore(there, later), gateway.url, 'n8n')).toBeNull();
      expect(sumOf(await gateway.lines(), EVENTS)).toBe(120);
      expect((await gateway.lines()).filter((line) => line.startsWith(`${EVENTS}{`))).toHaveLength(1);
    },
    120_000,
  );

  test('of folders of their own are groups of their own, and add up', async () => {
    await Promise.all(
      ['a', 'b', 'c'].map((of) =>
        count({ place: newFile(), url: gateway.url, instance: 'n8n', passes: passes(of, 20), kill: null }),
      ),
    );
    const lines = await gateway.lines();
    expect(sumOf(lines, EVENTS)).toBe(60);
    expect(lines.filter((line) => line.startsWith(`${EVENTS}{`))).toHaveLength(3);
  }, 60_000);

  test.each(['e2e/slash', 'e2e/two/slashes', '..', 'Προμηθεύς', ''])(
    'of the instance %j have a group of their own, which a restart finds again',
    async (instance) => {
      const place = newFile();
      for (const pass of ['before', 'after']) {
        const store = openStore(place, later);
        await store.count(instance, pass, counted(EVENTS));
        expect(await showAt(store, gateway.url, instance)).toBeNull();
      }
      const own = (await gateway.lines()).filter((line) => line.startsWith(`${EVENTS}{`));
      expect(own).toEqual([expect.stringContaining(`instance="${instance}",job="incident-pipeline",store=`)]);
      expect(sumOf(own, EVENTS)).toBe(2);
    },
  );
});

describe('a Pushgateway', () => {
  test('that lost what it held has all of it again with the next count, and without one when asked', async () => {
    const store = openStore(newFile());
    for (const pass of ['a', 'b']) await store.count('n8n', pass, counted(EVENTS));
    await showAt(store, gateway.url, 'n8n');
    for (const always of [true, false]) {
      await gateway.stop();
      gateway = await startPushgateway(port);
      if (!always) await store.count('n8n', 'c', counted(EVENTS));
      expect(await showAt(store, gateway.url, 'n8n', always)).toBeNull();
      expect(sumOf(await gateway.lines(), EVENTS)).toBe(always ? 2 : 3);
    }
  });

  test("that holds another's metric of that name with another type says so, and has all counts when that is gone", async () => {
    const others = `${gateway.url}/metrics/job/another`;
    const body = `# TYPE ${EVENTS} gauge\n${EVENTS} 7\n`;
    expect((await fetch(others, { method: 'PUT', body })).status).toBe(200);
    const place = newFile();
    const store = openStore(place);
    await store.count('n8n', 'a', counted(EVENTS));
    expect(await showAt(store, gateway.url, 'n8n')).toMatch(
      /^Pushgateway at .* answered 400: .*inconsistent.*another type.*delete the group that is not needed/s,
    );
    expect(sumOf(await gateway.lines(), EVENTS)).toBe(7);
    await fetch(others, { method: 'DELETE' });
    await store.count('n8n', 'b', counted(EVENTS));
    expect(await showAt(openStore(place, later), gateway.url, 'n8n')).toBeNull();
    expect(sumOf(await gateway.lines(), EVENTS)).toBe(2);
  });
});
