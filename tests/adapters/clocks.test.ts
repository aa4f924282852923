import { randomUUID } from 'node:crypto';

import { connect, type KubernetesClient } from '../../adapters/kubernetes/api/client';
import { clockProblem } from '../../adapters/kubernetes/api/clock';
import { responderWatches } from '../../adapters/kubernetes/api/watch/watches';
import { listExceptions } from '../../adapters/kubernetes/resources/exceptions';
import { DAY_MS, letPass, restoreClocks, setWallClock } from '../support/clocks';
import { type RunningServer, serve } from '../support/httpServer';
import { type ListApi, listApi, untilSo } from '../support/listApi';

let server: RunningServer;
afterEach(async () => {
  restoreClocks();
  await server.close();
});
const clientOf = ({ url }: RunningServer, watch: boolean): Promise<KubernetesClient> =>
  connect({ server: url, certificate: { text: '' }, token: { text: randomUUID() } }, { watch });

describe('what a watch has', () => {
  async function watched(): Promise<{ list: () => unknown; api: ListApi }> {
    const api = await listApi();
    server = api;
    const { namespaces } = responderWatches(await clientOf(api, true));
    await untilSo('it watches', () => namespaces.list() !== null);
    return { list: () => namespaces.list(), api };
  }

  test('is trusted where the wall clock was set back, and for no longer', async () => {
    const { list } = await watched();
    setWallClock(-DAY_MS);
    expect(list()).toMatchObject({ value: [] });
    letPass(46_000);
    expect(list()).toBeNull();
  });

  test('is not trusted after the machine was suspended, while its monotonic clock stood still', async () => {
    const { list } = await watched();
    setWallClock(46_000);
    expect(list()).toBeNull();
  });
});

test("clockProblem: finds that the wall clock was set since the API server's last answer", async () => {
  const api = await listApi();
  server = api;
  const client = await clientOf(api, false);
  expect(clockProblem(client, new Date())).toBeNull();
  await client.core.listNamespace();
  expect(clockProblem(client, new Date())).toBeNull();
  setWallClock(-DAY_MS);
  expect(clockProblem(client, new Date())).toMatch(/^this n8n's clock is \d+ s behind the API server's/);
  setWallClock(2 * DAY_MS);
  expect(clockProblem(client, new Date())).toMatch(/^this n8n's clock is \d+ s ahead of the API server's/);
});

test('listExceptions: asks again after the same rest, wherever the wall clock was set', async () => {
  let calls = 0;
  server = await serve((_request, response) => {
    calls += 1;
    response.writeHead(500, { 'Content-Type': 'application/json' });
    response.end(JSON.stringify({ kind: 'Status', code: 500, message: 'no' }));
  });
  const client = await clientOf(server, false);
  await expect(listExceptions(client)).rejects.toThrow();
  const before = calls;
  setWallClock(DAY_MS);
  expect(await listExceptions(client)).toEqual([]);
  expect(calls).toBe(before);
  setWallClock(-2 * DAY_MS);
  letPass(30_000);
  await expect(listExceptions(client)).rejects.toThrow();
});
