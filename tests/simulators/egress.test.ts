import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { fetch, ProxyAgent } from 'undici';

import { AUTHORITY_FILE, ensureCertificate } from '../../cluster/local/simulators/egress/certificate';
import { type Egress, startEgress } from '../../cluster/local/simulators/egress/start';
import { account, HEADERS as PAGERDUTY, trigger } from './support/pagerduty';
import { client, HEADERS as PULUMI, idOf } from './support/neo';

let pagerDuty: Awaited<ReturnType<typeof account>>;
let neo: Awaited<ReturnType<typeof client>>;
let egress: Egress;
let dispatcher: ProxyAgent;

beforeEach(async () => {
  pagerDuty = await account();
  neo = await client();
  egress = await startEgress({
    upstreams: {
      'api.pagerduty.com': pagerDuty.pagerDuty.url,
      'events.pagerduty.com': pagerDuty.pagerDuty.url,
      'api.pulumi.com': neo.neo.url,
    },
  });
  dispatcher = new ProxyAgent({ uri: egress.url, requestTls: { ca: egress.authority } });
});
afterEach(async () => {
  await dispatcher.destroy();
  await egress.close();
  await pagerDuty.pagerDuty.close();
  await neo.neo.close();
});

const get = (url: string, headers: Record<string, string> = {}) => fetch(url, { dispatcher, headers });

it('leads to the simulators under the names of the real services', async () => {
  const sent = await fetch('https://events.pagerduty.com/v2/enqueue', {
    dispatcher,
    method: 'POST',
    body: JSON.stringify(trigger()),
  });
  expect(sent.status).toBe(202);
  const [incident] = pagerDuty.pagerDuty.state().incidents;
  const asked = await get(`https://api.pagerduty.com/incidents/${incident?.id ?? ''}`, PAGERDUTY);
  expect(await asked.json()).toMatchObject({ incident: { status: 'triggered' } });
  const tasks = await get('https://api.pulumi.com/api/preview/agents/acme/tasks', PULUMI);
  expect(await tasks.json()).toEqual({ tasks: [] });
  expect(egress.asked.map(({ target }) => target)).toEqual([
    'events.pagerduty.com:443',
    'api.pagerduty.com:443',
    'api.pulumi.com:443',
  ]);
});

it('keeps each host to its own paths', async () => {
  expect((await get('https://api.pagerduty.com/api/preview/agents/acme/tasks', PULUMI)).status).toBe(404);
  expect((await get('https://events.pagerduty.com/users', PAGERDUTY)).status).toBe(404);
});

it.each([
  'https://example.com/',
  'https://127.0.0.1/',
  'https://api.pagerduty.com.example.com/',
  'https://api.pulumi.com:8443/',
])('refuses %s', async (url) => {
  await expect(get(url)).rejects.toThrow();
  expect(egress.asked).toMatchObject([{ isAllowed: false }]);
});

it('answers a refused CONNECT with 403', async () => {
  const answer = await new Promise<string>((resolve) => {
    const socket = connect(Number(new URL(egress.url).port), '127.0.0.1', () => {
      socket.write('CONNECT example.com:443 HTTP/1.1\r\nHost: example.com:443\r\n\r\n');
    });
    let text = '';
    socket.on('data', (chunk) => (text += chunk.toString()));
    socket.on('close', () => {
      resolve(text);
    });
  });
  expect(answer).toMatch(/^HTTP\/1\.1 403 /);
});

it('refuses plain http, and says so', async () => {
  expect((await globalThis.fetch(`${egress.url}/anything`)).status).toBe(403);
  expect((await globalThis.fetch(`${egress.url}/_simulator/health`)).status).toBe(200);
});

it.each(['/_simulator/state', '/x/../_simulator/state', '//127.0.0.1/_simulator/state'])(
  'hides what only tests may ask, as %s',
  async (path) => {
    const { statusCode } = await dispatcher.request({ origin: 'https://api.pulumi.com', path, method: 'GET' });
    expect(statusCode).toBe(404);
  },
);

it('goes to the host of the tunnel, whatever address the request names', async () => {
  const path = `${pagerDuty.pagerDuty.url}/users`;
  const { statusCode } = await dispatcher.request({ origin: 'https://api.pulumi.com', path, method: 'GET' });
  expect(statusCode).toBe(404);
  expect(pagerDuty.pagerDuty.requests.all()).toEqual([]);
});

it('is not believed without its authority', async () => {
  const other = new ProxyAgent(egress.url);
  await expect(fetch('https://api.pulumi.com/', { dispatcher: other })).rejects.toThrow();
  await other.destroy();
});

it('hands a lost answer on', async () => {
  neo.neo.follow({ name: 'loses-answer' });
  const lost = fetch('https://api.pulumi.com/api/preview/agents/acme/tasks', {
    dispatcher,
    method: 'POST',
    headers: { ...PULUMI, 'content-type': 'application/json' },
    body: JSON.stringify({
      message: { type: 'user_message', content: 'Fix it.', timestamp: '2026-11-21T10:00:00Z' },
    }),
  });
  await expect(lost).rejects.toThrow();
  expect(neo.neo.state()).toHaveLength(1);
});

it('streams events while they come', async () => {
  const id = idOf(await neo.create({}, { name: 'never-ends' }));
  const answer = await get(`https://api.pulumi.com/api/preview/agents/acme/tasks/${id}/events/stream`, PULUMI);
  const reader = answer.body?.getReader();
  const first = await reader?.read();
  expect(new TextDecoder().decode(first?.value as Uint8Array)).toContain('user_message');
  await reader?.cancel();
});

it("keeps its certificate, for its owner's eyes", async () => {
  const folder = mkdtempSync(join(tmpdir(), 'egress-'));
  try {
    const made = await ensureCertificate(folder);
    expect(await ensureCertificate(folder)).toEqual(made);
    expect(readFileSync(join(folder, AUTHORITY_FILE), 'utf8')).toBe(made.authority);
    expect(made.authority).toMatch(/\n$/); // so that another can be put behind it
    expect(statSync(join(folder, 'egress.key')).mode & 0o077).toBe(0);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
