import { LOG_BOUNDS, readLog } from '../../app/incidents/readLog';
import { readRecords } from '../../app/incidents/readRecords';
import { PipelineError } from '../../core/errors';
import { incidentLine } from '../../core/telemetry/logLine';
import { alertOf, CONFIGURATION } from '../support/alerts';
import { NAME, recordsWith } from '../support/incidentRecords';

type Cluster = Parameters<typeof readRecords>[0];

const SINCE = new Date('2026-11-21T10:15:30.000Z');
const NOW = new Date('2026-11-21T12:00:00.000Z');
const records = recordsWith('a text');

const refused = () =>
  Promise.reject(new PipelineError('forbidden', 'the API server answered 403', { nextStep: 'Apply it' }));

function clusterWith(change: Partial<Cluster> = {}): Cluster {
  const [ours] = records.quarantines;
  if (ours === undefined) throw new Error('the records lack a quarantine');
  return {
    incidents: { find: (name: string) => Promise.resolve(name === NAME ? records.record : null) },
    approvalsOf: (incident: string) => Promise.resolve(incident === 'event-1' ? [...records.approvals] : []),
    records: () => Promise.resolve([ours, { ...ours, spec: { ...ours.spec, incident: 'of another' } }]),
    taskOf: () => Promise.resolve(null),
    readConfiguration: () => Promise.resolve(CONFIGURATION),
    ...change,
  } as Cluster;
}

test('readRecords gives what is kept of the incident, and of no other', async () => {
  const read = await readRecords(clusterWith(), NAME, null);
  expect(read.record.metadata.name).toBe(NAME);
  expect(read.approvals).toHaveLength(1);
  expect(read.quarantines.map(({ spec }) => spec.incident)).toEqual(['event-1']);
  expect(read.problems).toEqual([]);
});

test('readRecords names what cannot be read, and gives the rest', async () => {
  const read = await readRecords(clusterWith({ approvalsOf: refused, taskOf: refused }), NAME, null);
  expect(read.approvals).toEqual([]);
  expect(read.quarantines).toHaveLength(1);
  expect(read.problems).toEqual(['the API server answered 403. Apply it', 'the API server answered 403. Apply it']);
});

test('readRecords fails for an incident that does not exist, and says where names are', async () => {
  await expect(readRecords(clusterWith(), 'no-such', null)).rejects.toMatchObject({
    code: 'not_found',
    nextStep: expect.stringContaining('kubectl get incidents') as string,
  });
});

const line = incidentLine({ alert: alertOf() }).line;
const entryAt = (time: bigint) => ({ time: String(time), line });

test('readLog reads pages until none is full, from an hour before the incident began', async () => {
  const asked: [bigint, bigint][] = [];
  const passes = await readLog(
    (from, to) => {
      asked.push([from, to]);
      const isFull = asked.length === 1;
      return Promise.resolve({
        entries: [entryAt(from), entryAt(from + 5n), { time: String(from), line: 'no JSON' }],
        isFull,
      });
    },
    SINCE,
    NOW,
  );
  const start = BigInt(SINCE.getTime() - 3_600_000) * 1_000_000n;
  expect(asked.map(([from]) => from)).toEqual([start, start + 1n]);
  expect(passes).toHaveLength(4);
});

test('readLog is bounded for an incident that never ends', async () => {
  let pages = 0;
  const passes = await readLog(
    (from) => {
      pages += 1;
      return Promise.resolve({ entries: Array.from({ length: 50 }, () => entryAt(from)), isFull: true });
    },
    SINCE,
    NOW,
  );
  expect(passes).toHaveLength(LOG_BOUNDS.passes);
  expect(pages).toBe(4);
});

test('readLog reads in windows of 30 days, which Loki accepts', async () => {
  const windows: bigint[] = [];
  await readLog(
    (from, to) => {
      windows.push((to - from) / 86_400_000_000_000n);
      return Promise.resolve({ entries: [], isFull: false });
    },
    new Date(NOW.getTime() - 70 * 86_400_000),
    NOW,
  );
  expect(windows).toEqual([30n, 30n, 10n]);
});
