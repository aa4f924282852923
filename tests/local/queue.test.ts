import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { gateComponent } from '../../cluster/local/components';
import { PORTS } from '../../cluster/local/process/ports';
import { queueEnvironment } from '../../cluster/local/queue/environment';
import {
  GRACE_SECONDS,
  type Size,
  reservedAddresses,
  webhookAddresses,
  webhookProcessors,
  workers,
} from '../../cluster/local/queue/processes';
import { majorIn, redisOnPath } from '../../cluster/local/queue/redis';
import { addressesIn } from '../../gate/address';
import { reservedIn } from '../../gate/reserved';
import { MODEL_PROPERTIES } from '../../nodes/shared/model';

/** As many as deploy.sh allows. */
const SIZE = { webhooks: 9, workers: 9, pagerDuty: true };

const processes = [...webhookProcessors('/n8n', {}, SIZE), ...workers('/n8n', {}, SIZE)];

test('no two processes of the stack share a port or a user folder', () => {
  const { n8nWebhooks: _webhooks, n8nWorkers: _workers, n8nWorkerTaskBrokers: _brokers, ...fixed } = PORTS;
  const ports = [...Object.values(fixed), ...processes.flatMap(({ ports: own }) => own)];
  expect(ports.filter((port, index) => ports.indexOf(port) !== index)).toEqual([]);
  expect(new Set(processes.map(({ env }) => env.N8N_USER_FOLDER)).size).toBe(processes.length);
});

const portsOf = (size: Size): number[] => webhookProcessors('/n8n', {}, size).map(({ env }) => Number(env.N8N_PORT));
const gateOf = (size: Size) =>
  gateComponent({ webhooks: webhookAddresses(size), reserved: reservedAddresses(size) }).env;

test('the gate gets the address of each webhook processor', () => {
  const size = { ...SIZE, pagerDuty: false };
  const { GATE_WEBHOOKS = '', GATE_RESERVED = 'unset' } = gateOf(size);
  expect(addressesIn(GATE_WEBHOOKS).map(({ port }) => port)).toEqual(portsOf(size));
  expect(GATE_RESERVED).toBe('');
});

test("PagerDuty's webhook has one more webhook processor, which the other webhooks do not get", () => {
  const { GATE_WEBHOOKS = '', GATE_RESERVED = '' } = gateOf(SIZE);
  const [[path, own = []] = []] = [...reservedIn(GATE_RESERVED)];
  expect(path).toBe('/webhook/pagerduty');
  expect(addressesIn(GATE_WEBHOOKS)).toHaveLength(SIZE.webhooks);
  expect([...addressesIn(GATE_WEBHOOKS), ...own].map(({ port }) => port)).toEqual(portsOf(SIZE));
});

test('a worker that is stopped has longer than two agents take with a model that does not answer', () => {
  const byName = new Map(MODEL_PROPERTIES.map((property) => [property.name, Number(property.default)]));
  const [timeout = NaN, retries = NaN] = [byName.get('timeoutSeconds'), byName.get('retries')];
  // An agent sends at most two requests.
  expect(GRACE_SECONDS).toBeGreaterThan(2 * 2 * (1 + retries) * timeout);
  expect(processes.every(({ graceSeconds }) => graceSeconds === GRACE_SECONDS)).toBe(true);
  const secrets = { passwordHash: '', password: '', webhookSecret: '', encryptionKey: '' };
  const environment = queueEnvironment({ ...secrets, databasePassword: '', redisPassword: '' });
  expect(environment.N8N_GRACEFUL_SHUTDOWN_TIMEOUT).toBe(String(GRACE_SECONDS));
});

describe('redisOnPath', () => {
  const folders: string[] = [];
  const path = process.env.PATH;
  afterEach(async () => {
    process.env.PATH = path;
    for (const folder of folders.splice(0)) await rm(folder, { recursive: true });
  });

  /** A folder of PATH with a program that prints this as its version. */
  async function withProgram(name: string, version: string): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), 'redis-'));
    folders.push(folder);
    await writeFile(join(folder, name), `#!/bin/sh\necho '${version}'\n`);
    await chmod(join(folder, name), 0o755);
    return folder;
  }

  const OLD = 'Redis server v=6.0.16 sha=00000000:0 malloc=jemalloc-5.2.1 bits=64 build=a';
  const NEW = 'Redis server v=7.0.15 sha=00000000:0 malloc=jemalloc-5.3.0 bits=64 build=d';
  const VALKEY = 'Valkey server v=8.1.3 sha=00000000:0 malloc=jemalloc-5.3.0 bits=64 build=c';

  it('finds nothing on a PATH without a server', async () => {
    process.env.PATH = await withProgram('redis-cli', NEW);
    expect(await redisOnPath()).toBeUndefined();
  });

  it('skips one that is too old, or that is no server', async () => {
    const folder = [await withProgram('redis-server', OLD), await withProgram('valkey-server', 'command not found')];
    process.env.PATH = folder.join(':');
    expect(await redisOnPath()).toBeUndefined();
  });

  it.each([
    ['redis-server', NEW],
    ['valkey-server', VALKEY],
  ])('finds %s behind one that is too old', async (name, version) => {
    const folder = await withProgram(name, version);
    process.env.PATH = [await withProgram('redis-server', OLD), folder].join(':');
    expect(await redisOnPath()).toBe(join(folder, name));
  });

  it.each([
    [NEW, 7],
    [VALKEY, 8],
    ['Redis server v=10.2.0 sha=0', 10],
    ['', 0],
    ['bash: redis-server: command not found', 0],
  ])('reads the major version of %j', (output, major) => {
    expect(majorIn(output)).toBe(major);
  });
});
