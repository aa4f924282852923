import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

import { HEADER_BYTES } from '../../gate/limits';
import { createGate } from '../../gate/server';
import { portOf, raw, stand, unfinished, until, upload, type World } from './support';

const ALERT = '/webhook/security-alerts';

let world: World;
afterEach(() => world.close());

const post = (
  path: string,
  body: string | Uint8Array<ArrayBuffer>,
  type?: string,
  headers: Record<string, string> = {},
) =>
  fetch(`${world.url}${path}`, {
    method: 'POST',
    body,
    headers: { ...(type === undefined ? {} : { 'Content-Type': type }), ...headers },
  });

describe('the gate hands on', () => {
  test("a JSON body as it was sent, with the sender's own headers", async () => {
    world = await stand();
    const body = '{ "rule":"x",  "n": 1e3 }\n';
    const answer = await post(ALERT, body, 'application/json; charset=utf-8', { 'X-Alert-Secret': 's' });
    expect([answer.status, await answer.text()]).toEqual([202, '{"ok":true}']);
    expect(world.seen).toMatchObject([
      { method: 'POST', url: ALERT, body, headers: { 'x-alert-secret': 's', host: `127.0.0.1:${world.port}` } },
    ]);
  });

  test('a chunked body, joined and with its length', async () => {
    world = await stand();
    await raw(
      world.port,
      `POST ${ALERT} HTTP/1.1\r\nHost: n8n\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n` +
        '1\r\n{\r\n1\r\n}\r\n0\r\n\r\n',
    );
    await until(() => world.seen.length > 0);
    expect(world.seen).toMatchObject([{ body: '{}', headers: { 'content-length': '2' } }]);
    expect(world.seen[0]?.headers).not.toHaveProperty('transfer-encoding');
  });

  test('an answer with its status, headers and cookies', async () => {
    world = await stand({}, (_request, response) =>
      response.writeHead(418, { 'Set-Cookie': ['a=1', 'b=2'], 'X-Kept': 'yes' }).end('tea'),
    );
    const answer = await fetch(`${world.url}/rest/login`);
    expect(answer.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
    expect([answer.status, answer.headers.get('x-kept'), await answer.text()]).toEqual([418, 'yes', 'tea']);
  });

  test.each([
    ['/rest/workflows', 'application/json'],
    ['/rest/data-tables/uploads', 'multipart/form-data; boundary=x'],
    ['/form/incident-approvals', 'multipart/form-data; boundary=x'],
    ['/form-waiting/12', 'application/x-www-form-urlencoded'],
    ['/webhook-waiting/12', 'application/x-www-form-urlencoded'],
    ['/webhook-waiting/12', 'multipart/form-data; boundary=x'],
  ])('a body for %s of the type %s', async (path, type) => {
    world = await stand();
    expect((await post(path, 'a=b', type)).status).toBe(202);
  });

  test("who called, and nobody's word for it", async () => {
    world = await stand();
    const forged = { 'X-Forwarded-For': '10.0.0.1', 'X-Forwarded-Host': 'elsewhere', Forwarded: 'for=10.0.0.1' };
    await post(ALERT, '{}', 'application/json', forged);
    expect(world.seen[0]?.headers).toMatchObject({ 'x-forwarded-for': '127.0.0.1' });
    expect(world.seen[0]?.headers).not.toHaveProperty('x-forwarded-host');
    expect(world.seen[0]?.headers).not.toHaveProperty('forwarded');
  });

  test('what the proxy before it says of the caller, where there is one', async () => {
    world = await stand({}, undefined, true);
    await post(ALERT, '{}', 'application/json', { 'X-Forwarded-For': '10.0.0.1', 'X-Forwarded-Proto': 'https' });
    expect(world.seen[0]?.headers).toMatchObject({
      'x-forwarded-for': '10.0.0.1, 127.0.0.1',
      'x-forwarded-proto': 'https',
    });
  });

  test('several requests on one connection, one after the other', async () => {
    world = await stand();
    const { socket, received } = await raw(world.port, 'GET /healthz HTTP/1.1\r\nHost: n8n\r\n\r\n');
    await until(() => received().includes('{"ok":true}'));
    socket.write('GET /healthz/readiness HTTP/1.1\r\nHost: n8n\r\n\r\n');
    await until(() => world.seen.length === 2);
    expect(world.turnedAway).toEqual([]);
  });
});

describe('the gate turns away, before n8n sees it,', () => {
  test.each([
    ['a multipart body at a webhook', ALERT, 'multipart/form-data; boundary=x'],
    ["the same in n8n's other spellings", '/WebHook/security-alerts', 'Multipart/Form-Data; boundary=x'],
    ['the same with an encoded letter', '/%77ebhook/security-alerts', 'multipart/form-data; boundary=x'],
    ["the same at a form's path in capitals", '/FORM/incident-approvals', 'multipart/form-data; boundary=x'],
    ['the same at a test webhook', '/webhook-test/security-alerts', 'multipart/form-data; boundary=x'],
    ['a form at a webhook', ALERT, 'application/x-www-form-urlencoded'],
    ['XML at a webhook', ALERT, 'text/xml'],
    ['two types in one header', ALERT, 'application/json, multipart/form-data; boundary=x'],
    ['a body without a type', ALERT, undefined],
  ])('%s', async (_what, path, type) => {
    world = await stand();
    const answer = await post(path, new Uint8Array([123, 125]), type);
    expect([answer.status, await answer.text()]).toEqual([415, '{"error":"Send the body as application/json."}\n']);
    expect([world.seen, world.turnedAway]).toEqual([[], ['media type']]);
  });

  test('a compressed body, which could be of any size', async () => {
    world = await stand();
    expect((await post(ALERT, '{}', 'application/json', { 'Content-Encoding': 'gzip' })).status).toBe(415);
    expect(world.seen).toEqual([]);
  });

  test.each([
    ['announced', `Content-Length: ${5 * 2 ** 20}\r\n\r\n`],
    ['sent without a word', `Transfer-Encoding: chunked\r\n\r\n480000\r\n${'x'.repeat(0x480000)}`],
  ])('a body above the limit, %s', async (_how, rest) => {
    world = await stand();
    const { received, closed } = await raw(
      world.port,
      `POST ${ALERT} HTTP/1.1\r\nHost: n8n\r\nContent-Type: application/json\r\n${rest}`,
    );
    await closed;
    expect(received()).toMatch(/^HTTP\/1.1 413 [^]*at most 4194304 bytes/);
    expect([world.seen, world.turnedAway]).toEqual([[], ['too large a body']]);
  });

  test('a body above the limit, whose sender reads the answer only after it has sent everything', async () => {
    world = await stand();
    const size = 5 * 2 ** 20;
    const { socket, received, closed } = await raw(
      world.port,
      `POST ${ALERT} HTTP/1.1\r\nHost: n8n\r\nContent-Type: application/json\r\nContent-Length: ${size}\r\n\r\n`,
    );
    for (let sent = 0; sent < size; sent += 2 ** 20) {
      await new Promise<void>((resolve, reject) => {
        socket.write(Buffer.alloc(2 ** 20, 'x'), (error) => {
          if (error) reject(error);
          else resolve();
        });
      });
      await pause(20);
    }
    await closed;
    expect(received()).toMatch(/^HTTP\/1.1 413 /);
  });

  test('a form above 64 KiB, since n8n makes a file of each of its parts', async () => {
    world = await stand();
    const answer = await post('/form/x', 'x'.repeat(65_537), 'multipart/form-data; boundary=x');
    expect([answer.status, await answer.text()]).toEqual([413, expect.stringContaining('65536')]);
    expect(world.seen).toEqual([]);
  });

  test('a second request before the first is answered', async () => {
    world = await stand({}, () => undefined);
    const { closed } = await raw(world.port, 'GET / HTTP/1.1\r\nHost: n8n\r\n\r\n'.repeat(3));
    await closed;
    expect(world.turnedAway).toContain('a pipelined request');
    expect(world.seen.length).toBeLessThanOrEqual(1);
  });

  test("a WebSocket that is not the editor's", async () => {
    world = await stand();
    const upgrade = 'Host: n8n\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n';
    const { received, closed } = await raw(world.port, `GET ${ALERT} HTTP/1.1\r\n${upgrade}`);
    await closed;
    expect(received()).toMatch(/^HTTP\/1.1 503 /);
    expect(world.seen).toEqual([]);
  });

  test('headers without end', async () => {
    world = await stand();
    const { closed } = await raw(world.port, `GET / HTTP/1.1\r\nHost: n8n\r\nX: ${'x'.repeat(HEADER_BYTES)}`);
    await closed;
    expect(world.seen).toEqual([]);
  });
});

describe('what nobody finishes', () => {
  test.each([
    ['headers', 'POST / HTTP/1.1\r\nHost: n8n\r\n'],
    ['a body', unfinished(ALERT, '{')],
    ['nothing but a connection', ''],
  ])('ends by itself: %s', async (_what, text) => {
    world = await stand({
      headersMilliseconds: 100,
      requestMilliseconds: 200,
      idleMilliseconds: 100,
      silentMilliseconds: 400,
    });
    const { closed } = await raw(world.port, text);
    await closed;
    await until(() => world.gate.connections.count === 0);
    expect([world.seen, world.gate.connections.heldBytes]).toEqual([[], 0]);
  });

  test('gives way when there are too many connections, the longest waiting first', async () => {
    world = await stand({ connections: 4 });
    const first = await raw(world.port, unfinished(ALERT, '{'));
    await until(() => world.gate.connections.count === 1);
    for (let index = 1; index < 4; index += 1) await raw(world.port, unfinished(ALERT, '{'));
    await until(() => world.gate.connections.count === 4);
    expect((await post(ALERT, '{}', 'application/json')).status).toBe(202);
    await first.closed;
    expect(world.turnedAway).toContain('too many connections');
    expect(world.gate.connections.count).toBeLessThanOrEqual(4);
  });

  test('gives way when it holds too much memory, and an alert gets through', async () => {
    world = await stand({ heldBytes: 300_000 });
    const chunk = 'x'.repeat(100_000);
    const senders = [];
    for (let index = 0; index < 12; index += 1) senders.push(await raw(world.port, unfinished(ALERT, chunk)));
    await until(() => world.turnedAway.includes('too much in memory'));
    expect((await post(ALERT, JSON.stringify({ padding: chunk }), 'application/json')).status).toBe(202);
    await senders[0]?.closed;
    expect(world.gate.connections.heldBytes).toBeLessThanOrEqual(300_000);
    expect(world.seen).toHaveLength(1);
  });

  test('gives way for memory only where it is large: a small alert gets through among large requests that n8n has', async () => {
    const answers: (() => void)[] = [];
    world = await stand({ heldBytes: 300_000 }, (request, response) => {
      if (request.url === ALERT) response.writeHead(202).end();
      else answers.push(() => response.end());
    });
    const large = JSON.stringify({ padding: 'x'.repeat(200_000) });
    const busy = Array.from({ length: 2 }, () => post('/webhook/other', large, 'application/json').catch(() => null));
    await until(() => answers.length + world.turnedAway.length >= 2);
    expect((await post(ALERT, '{}', 'application/json')).status).toBe(202);
    for (const send of answers) send();
    await Promise.all(busy);
  });

  test('never takes the place of what n8n is answering', async () => {
    const answers: (() => void)[] = [];
    world = await stand({ connections: 2 }, (_request, response) =>
      answers.push(() => response.writeHead(202).end('done')),
    );
    const waiting = Promise.all([post(ALERT, '{}', 'application/json'), post(ALERT, '{}', 'application/json')]);
    await until(() => answers.length === 2);
    const late = await raw(world.port, unfinished(ALERT, '{'));
    await late.closed;
    for (const send of answers) send();
    expect((await waiting).map(({ status }) => status)).toEqual([202, 202]);
    expect(world.turnedAway).toContain('every connection is busy');
  });

  test("300 uploads take no disk, no connection to n8n and no alert's place", async () => {
    world = await stand({ connections: 128 });
    for (let index = 0; index < 150; index += 1) {
      await raw(world.port, upload(ALERT));
      await raw(world.port, upload('/form/incident-approvals', 60_000) + 'x'.repeat(10_000));
    }
    expect((await post(ALERT, '{}', 'application/json')).status).toBe(202);
    expect(world.seen).toMatchObject([{ url: ALERT, body: '{}' }]);
    expect(world.gate.connections.count).toBeLessThanOrEqual(128);
    expect(world.gate.connections.heldBytes).toBeLessThanOrEqual(128 * 64 * 1024);
  }, 30_000);
});

describe('n8n gets', () => {
  test('no more uploads at a time than the lane has, and alerts beside them', async () => {
    const held: (() => void)[] = [];
    world = await stand({ lanes: { alerts: 64, people: 64, uploads: 2 } }, (request, response) => {
      if (request.url === ALERT) response.writeHead(202).end();
      else held.push(() => response.end());
    });
    const forms = Array.from({ length: 6 }, () => post('/form/x', '--x--', 'multipart/form-data; boundary=x'));
    await until(() => held.length === 2);
    expect((await post(ALERT, '{}', 'application/json')).status).toBe(202);
    expect(held).toHaveLength(2);
    for (let answered = 0; answered < 6; answered += 1) {
      await until(() => held.length > answered);
      held[answered]?.();
    }
    expect((await Promise.all(forms)).map(({ status }) => status)).toEqual(Array.from({ length: 6 }, () => 200));
  });

  test('no request whose sender has gone, and the gate forgets what it held', async () => {
    world = await stand();
    const { socket } = await raw(world.port, unfinished(ALERT, '{"a":'));
    await until(() => world.gate.connections.heldBytes > 0);
    socket.destroy();
    await until(() => world.gate.connections.count === 0);
    expect([world.seen, world.gate.connections.heldBytes]).toEqual([[], 0]);
  });
});

test('without n8n the gate says so, and when to come back', async () => {
  world = await stand();
  const upstream = createServer().listen(0, '127.0.0.1');
  await once(upstream, 'listening');
  const port = portOf(upstream);
  await new Promise((resolve) => upstream.close(resolve));
  const { server } = createGate({ port, behindProxy: false });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const answer = await fetch(`http://127.0.0.1:${portOf(server)}/healthz`);
  expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '5']);
  expect(await answer.text()).toContain('look at its log');
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

describe('a WebSocket of the editor', () => {
  const upgrade =
    'GET /rest/push?pushRef=1 HTTP/1.1\r\nHost: n8n\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nCookie: n8n-auth=1\r\n\r\n';

  test("is n8n's from its answer on, both ways", async () => {
    world = await stand();
    let theirs: Socket | undefined;
    world.upstream.on('upgrade', (request, socket: Socket) => {
      theirs = socket;
      expect(request.headers.cookie).toBe('n8n-auth=1');
      socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\nhello');
      socket.on('data', (data: Buffer) => socket.write(data.toString().toUpperCase()));
    });
    const { socket, received, closed } = await raw(world.port, upgrade);
    await until(() => received().endsWith('hello'));
    expect(received()).toMatch(/^HTTP\/1.1 101 [^]*Upgrade: websocket\r\n/);
    socket.write('ping');
    await until(() => received().endsWith('PING'));
    theirs?.destroy();
    await closed;
  });

  test('that n8n refuses is refused', async () => {
    world = await stand({}, (_request, response) => response.writeHead(401).end());
    const { received, closed } = await raw(world.port, upgrade);
    await closed;
    expect(received()).toMatch(/^HTTP\/1.1 401 /);
  });

  test('is one of a bounded number', async () => {
    world = await stand({ tunnels: 1 });
    world.upstream.on('upgrade', (_request, socket: Socket) => {
      socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n');
    });
    const first = await raw(world.port, upgrade);
    await until(() => first.received().includes(' 101 '));
    const second = connect(world.port, '127.0.0.1');
    second.write(upgrade);
    const [answer] = (await once(second, 'data')) as [Buffer];
    expect(answer.toString()).toMatch(/^HTTP\/1.1 503 /);
    first.socket.destroy();
    second.destroy();
  });
});
