import { request } from 'node:https';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

import { N8N_TEMPORARY } from '../../cluster/local/paths';
import { HOST, PORTS } from '../../cluster/local/process/ports';
import type { Stack } from '../../cluster/local/stack';
import { type Cluster, connect } from '../../cluster/local/kubernetes/client';
import { processes } from '../../cluster/local/process/supervisor';
import { until } from '../../cluster/local/process/wait';
import { LIMITS } from '../../gate/limits';
import { type Raw, raw, unfinished, upload } from '../gate/support';
import { logged, send } from './support/incident';
import { FIRST_START_MS, startStack } from './support/stack';

const MIB = 2 ** 20;
const ALERTS = '/webhook/security-alerts';
const FORM = '/form/incident-approvals';
/** manifests/n8n/deployment.yaml's, for the gate. */
const GATE_LIMIT = 192 * MIB;

let stack: Stack;
let cluster: Cluster;
const open: Raw[] = [];

beforeAll(async () => {
  stack = await startStack();
  cluster = connect();
}, FIRST_START_MS);
afterEach(() => {
  for (const { socket } of open.splice(0)) socket.destroy();
});

async function begin(port: number, count: number, text: (index: number) => string): Promise<void> {
  for (let index = 0; index < count; index += 1) open.push(await raw(port, text(index)));
}

/** Bytes of the files that n8n has for forms that it is reading. */
async function temporaryBytes(): Promise<number> {
  const names = await readdir(N8N_TEMPORARY, { recursive: true });
  const sizes = await Promise.all(
    names.map((name) =>
      stat(join(N8N_TEMPORARY, name)).then(
        (found) => (found.isFile() ? found.size : 0),
        () => 0,
      ),
    ),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

const memoryOf = async (name: string): Promise<number> =>
  (await processes()).find((each) => each.name === name)?.memoryBytes ?? 0;

const settled = () => new Promise((resolve) => setTimeout(resolve, 1_000));

const isContained = async (): Promise<void> => {
  const { incident } = await send(stack, cluster, 'pod-quarantine-test');
  expect(await logged(stack, incident)).toMatchObject({ response: { outcome: 'done' } });
};

test('without the gate n8n writes unfinished uploads to disk, so that the next tests would see it', async () => {
  const before = await temporaryBytes();
  await begin(PORTS.n8nBehindGate, 20, () => upload(ALERTS) + 'x'.repeat(900_000));
  await until("the uploads on n8n's disk", 30, async () => (await temporaryBytes()) - before > 10 * MIB || undefined);
});

test("300 unfinished uploads put nothing on n8n's disk, and an alert is contained meanwhile", async () => {
  await settled();
  const before = await temporaryBytes();
  await begin(PORTS.n8n, 150, () => upload(ALERTS) + 'x'.repeat(900_000));
  await begin(PORTS.n8n, 150, () => upload(FORM, 60_000) + 'x'.repeat(50_000));
  await isContained();
  await settled();
  expect(await temporaryBytes()).toBeLessThanOrEqual(before);
  expect(await memoryOf('gate')).toBeLessThan(GATE_LIMIT);
}, 120_000);

test("300 unfinished JSON bodies stay within the gate's memory and take none of n8n's", async () => {
  const before = await memoryOf('n8n');
  await begin(PORTS.n8n, 300, () => unfinished(ALERTS, `{"a":"${'x'.repeat(900_000)}`));
  await isContained();
  expect(await memoryOf('gate')).toBeLessThan(GATE_LIMIT);
  // 300 of them are 257 MiB; what n8n needs for an alert is a tenth of that.
  expect((await memoryOf('n8n')) - before).toBeLessThan(128 * MIB);
}, 120_000);

test('more idle connections than there may be keep no alert out', async () => {
  await begin(PORTS.n8n, LIMITS.connections + 100, (index) =>
    index % 2 === 0 ? '' : 'POST / HTTP/1.1\r\nHost: n8n\r\n',
  );
  await isContained();
}, 120_000);

test('the approval page is reached by the gate, and takes no upload', async () => {
  const page = await fetch(`${stack.urls.n8n}${FORM}`, { redirect: 'manual' });
  expect([200, 302, 401]).toContain(page.status);
  const body = new FormData();
  body.set('file', new Blob(['x'.repeat(100_000)]), 'file');
  expect((await fetch(`${stack.urls.n8n}${FORM}`, { method: 'POST', body })).status).toBe(413);
});

test('etcd, which no admission and no audit guards, lets nobody in without its own certificate', async () => {
  const ask = (path: string): Promise<number | undefined> =>
    new Promise((resolve, reject) => {
      request({ host: HOST, port: PORTS.etcd, path, method: 'POST', rejectUnauthorized: false }, ({ statusCode }) => {
        resolve(statusCode);
      })
        .on('error', reject)
        .end('{"key":"AA==","range_end":"AA=="}');
    });
  await expect(ask('/v3/kv/range')).rejects.toThrow();
});
