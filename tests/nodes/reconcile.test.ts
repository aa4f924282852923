import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import type { IDataObject } from 'n8n-workflow';

import { OUTPUT_FILE } from '../../core/names';
import { K8sQuarantine } from '../../nodes/K8sQuarantine/K8sQuarantine.node';
import { LokiPush } from '../../nodes/LokiPush/LokiPush.node';
import { runNode } from '../support/engine';
import { type RunningServer, serve } from '../support/httpServer';

const MARK = { global: { falcoOutput: { cursor: '1764238500000000000', caughtUp: true } } };

let loki: RunningServer;
let answer: (response: ServerResponse) => void = () => undefined;
let asked: URL[] = [];

beforeAll(async () => {
  loki = await serve(({ url = '' }, response) => {
    asked.push(new URL(url, loki.url));
    answer(response);
  });
});
beforeEach(() => {
  asked = [];
});
afterAll(() => loki.close());

const says = (status: number, body: unknown) => (response: ServerResponse) => {
  const isText = typeof body === 'string';
  response.writeHead(status, { 'content-type': isText ? 'text/plain' : 'application/json' });
  response.end(isText ? body : JSON.stringify(body));
};
const has = (...result: object[]) => says(200, { status: 'success', data: { resultType: 'streams', result } });

const read = (parameters: IDataObject = {}, staticData: IDataObject = {}, items: IDataObject[] = [{}]) =>
  runNode({
    node: new LokiPush(),
    items,
    parameters: { operation: 'readFalco', ...parameters },
    credentials: { lokiApi: { url: loki.url } },
    staticData,
  });

const event = (pod: string, time: string) => ({
  stream: { job: 'falco', priority: 'Notice', rule: 'A rule', hostname: 'node-1', namespace: 'shop', pod },
  values: [[time, 'A rule']],
});

describe("Read Falco's Output", () => {
  test.each([
    ['refuses', 429, 'too many outstanding requests', /answered 429.*outstanding/, /read by the next run/],
    ['is not ready', 503, 'no', /answered 503/, /not ready/],
    ['limits its entries', 400, 'max entries limit per query exceeded', /max entries/, /max_entries_limit_per_query/],
    ['limits its time', 400, 'the query time range exceeds the limit', /time range/, /max_query_length/],
    ['reads no selector', 400, 'parse error at line 1', /parse error/, /Selector/],
    ['wants a tenant', 401, 'no org id', /no org id/, /Tenant/],
    ['answers something else', 200, { data: { result: [{ metric: {} }] } }, /no list of streams/, /Selector/],
    ['answers no JSON', 200, 'OK', /no list of streams/, /URL/],
  ])('fails clearly where Loki %s, and stays where it was', async (_what, status, body, message, step) => {
    answer = says(status, body);
    const { error, staticData } = await read({}, MARK);
    expect(error?.message).toMatch(message);
    expect((error as { description?: string }).description).toMatch(step);
    expect(staticData).toEqual(MARK);
  });

  test('that finds no stream says once what cannot be found, and fails nothing', async () => {
    answer = has();
    const { outputs, hints, error, staticData } = await read();
    expect([outputs.flat(), error]).toEqual([[], undefined]);
    expect(hints).toEqual([expect.stringContaining('cannot be found')]);
    expect((await read({}, staticData)).hints).toEqual([]);
  });

  test('asks as it is set up', async () => {
    answer = has();
    await read({ selector: '{app="falco"}', lookBackHours: 1, graceSeconds: 60 });
    expect(asked).toHaveLength(1);
    const { query, direction, start = '', end = '' } = Object.fromEntries(asked[0]?.searchParams ?? []);
    expect([query, direction]).toEqual(['{app="falco"}', 'forward']);
    expect(BigInt(end) - BigInt(start)).toBe(3_540_000_000_000n);
  });

  test('passes events on, the oldest first and once for all items, and has not read them before they are dealt with', async () => {
    answer = has(event('b', '1764238600000000001'), event('a', '1764238600000000000'));
    const { outputs, staticData } = await read({}, MARK, [{}, {}]);
    expect(outputs[0]?.map(({ json }) => [json.position, (json.falco as IDataObject).output_fields])).toEqual([
      ['1764238600000000000', { 'k8s.ns.name': 'shop', 'k8s.pod.name': 'a' }],
      ['1764238600000000001', { 'k8s.ns.name': 'shop', 'k8s.pod.name': 'b' }],
    ]);
    expect(staticData.global).toMatchObject(MARK.global);
  });
});

/** What the nodes' store has of how far Falco's output is read. */
function readUntil(): unknown {
  const folder = process.env.N8N_USER_FOLDER ?? '';
  const database = new DatabaseSync(join(folder, '.n8n', OUTPUT_FILE), { readOnly: true });
  try {
    return database
      .prepare('select value from series where series like ?')
      .get('%incident_pipeline_falco_output_read_timestamp_seconds%')?.value;
  } finally {
    database.close();
  }
}

test('how far it has read is kept for the next push: with events in it, up to where the run before ended', async () => {
  answer = has(event('b', '1764238600000000001'));
  await read({}, MARK);
  expect(readUntil()).toBe(1764238500);
  answer = has();
  await read({}, MARK);
  expect(readUntil()).toBeGreaterThan(1764238500);
});

describe('Admit Missed', () => {
  const falco = (pod: string) => ({
    rule: 'A rule',
    priority: 'Notice',
    time: '2026-11-27T10:00:00.000Z',
    hostname: 'node-1',
    source: 'syscall',
    output: 'A rule',
    output_fields: { 'k8s.ns.name': 'shop', 'k8s.pod.name': pod },
  });
  const reading = { cursor: '1764239000000000000', caughtUp: true };
  const admit = (items: IDataObject[]) =>
    runNode({
      node: new K8sQuarantine(),
      items,
      parameters: { resource: 'incident', operation: 'admitMissed' },
      // Nothing listens there.
      credentials: { kubernetesResponderApi: { server: 'https://127.0.0.1:9', caCertificate: '', token: 't' } },
      staticData: { global: { ...MARK.global, falcoOutputReading: reading } },
    });

  test('that cannot ask for incidents says so once, and the next run begins at the first event that is left', async () => {
    const { outputs, error, staticData } = await admit([
      { falco: falco('a'), position: '1764238600000000000' },
      { falco: falco('b'), position: '1764238600000000001' },
    ]);
    expect(error).toBeUndefined();
    expect(outputs[0]).toEqual([]);
    expect(outputs[1]?.map(({ json }) => json.problem)).toEqual([
      expect.stringMatching(/^A rule, Pod shop\/a, .*no answer/),
    ]);
    expect(staticData.global).toMatchObject({ falcoOutput: { cursor: '1764238600000000000', caughtUp: false } });
  });

  test('is through with items that are no event of Falco, and the reading counts', async () => {
    const { outputs, staticData } = await admit([{ falco: { rule: 'cut off' } }, { falco: null }]);
    expect(outputs.flat()).toEqual([]);
    expect(staticData.global).toMatchObject({ falcoOutput: reading });
  });
});
