import { once } from 'node:events';
import { createServer, type Server } from 'node:http';

import { addressesIn } from '../../gate/address';
import { reservedIn } from '../../gate/reserved';
import { createGate } from '../../gate/server';
import { Upstreams } from '../../gate/upstreams';
import { TURN_LIMITS } from '../../gate/urgent/turns';
import { portOf, until } from './support';

const ALERT = '/webhook/security-alerts';
const READINESS = '/healthz/readiness';

const open: Server[] = [];
afterEach(async () => {
  for (const server of open.splice(0)) {
    server.closeAllConnections();
    if (server.listening) await new Promise((resolve) => server.close(resolve));
  }
});

interface Process {
  port: number;
  /** The requests that it got, but for those about its readiness. */
  taken: string[];
  /** What it answers from now on if it is asked whether it is ready. */
  ready: (status: number) => void;
  /** How often it was asked since then. */
  asked: () => number;
  stop: () => Promise<void>;
}

/** A process of n8n that answers with its name, or breaks the connection once it has the request. */
async function n8n(name: string, breaks = false): Promise<Process> {
  const taken: string[] = [];
  let [status, asked] = [200, 0];
  const server = createServer((request, response) => {
    if (request.url === READINESS) {
      asked += 1;
      response.writeHead(status).end();
      return;
    }
    taken.push(request.url ?? '');
    if (breaks) request.socket.destroy();
    else response.writeHead(200).end(name);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  open.push(server);
  return {
    port: portOf(server),
    taken,
    ready: (next) => ([status, asked] = [next, 0]),
    asked: () => asked,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** A gate before these processes. Returns what sends a request through it. */
async function gateBefore(main: number, webhooks: number[], readyMilliseconds?: number, reserved = '') {
  const { server } = createGate({
    port: main,
    webhooks: webhooks.map((port) => ({ host: '127.0.0.1', port })),
    reserved: reservedIn(reserved),
    behindProxy: false,
    readyMilliseconds,
    // No turn ends while a test runs, but by its answer.
    turnLimits: { ...TURN_LIMITS, workMs: 60_000 },
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  open.push(server);
  return async (path: string, body?: string): Promise<[number, string]> => {
    const answer = await fetch(`http://127.0.0.1:${portOf(server)}${path}`, {
      ...(body === undefined ? {} : { method: 'POST', body, headers: { 'Content-Type': 'application/json' } }),
    });
    return [answer.status, await answer.text()];
  };
}

describe('the gate in queue mode', () => {
  test.each([
    ['/webhook/security-alerts', 'webhook'],
    ['/WebHook/security-alerts', 'webhook'],
    ['/webhook-waiting/12', 'webhook'],
    ['/form/incident-approvals', 'webhook'],
    ['/form-waiting/12?signature=x', 'webhook'],
    ['/mcp/tools', 'webhook'],
    ['/webhook-test/security-alerts', 'main'],
    ['/form-test/incident-approvals', 'main'],
    ['/rest/settings', 'main'],
    ['/healthz', 'main'],
    ['/', 'main'],
    ['/webhookery', 'main'],
    // Not decoded: n8n's main process has no production webhooks in queue mode and does not find it.
    ['/%77ebhook/security-alerts', 'main'],
  ])('hands %s to the %s process', async (path, process) => {
    const [main, webhook] = [await n8n('main'), await n8n('webhook')];
    const request = await gateBefore(main.port, [webhook.port]);
    expect(await request(path)).toEqual([200, process]);
  });

  test('hands alerts to each webhook processor in turn', async () => {
    const [main, first, second] = [await n8n('main'), await n8n('first'), await n8n('second')];
    const request = await gateBefore(main.port, [first.port, second.port]);
    const answers = [];
    for (let each = 0; each < 4; each += 1) answers.push((await request(ALERT, `{"n":${each}}`))[1]);
    expect(answers).toEqual(['first', 'second', 'first', 'second']);
  });

  test('hands an alert to the next webhook processor if one does not accept connections', async () => {
    const [main, first, second] = [await n8n('main'), await n8n('first'), await n8n('second')];
    const request = await gateBefore(main.port, [first.port, second.port]);
    await first.stop();
    for (let each = 0; each < 4; each += 1) expect(await request(ALERT, `{"n":${each}}`)).toEqual([200, 'second']);
    expect(second.taken).toHaveLength(4);
  });

  test('hands an alert to nobody else after a webhook processor had it, and answers 503', async () => {
    const [main, first, second] = [await n8n('main'), await n8n('first', true), await n8n('second')];
    const request = await gateBefore(main.port, [first.port, second.port]);
    expect((await request(ALERT, '{}'))[0]).toBe(503);
    expect([first.taken.length, second.taken.length, main.taken.length]).toEqual([1, 0, 0]);
  });

  test('answers 503 if no webhook processor runs, and never asks the main process instead', async () => {
    const [main, first, second] = [await n8n('main'), await n8n('first'), await n8n('second')];
    const request = await gateBefore(main.port, [first.port, second.port]);
    await Promise.all([first.stop(), second.stop()]);
    expect((await request(ALERT, '{}'))[0]).toBe(503);
    expect(main.taken).toEqual([]);
  });
});

describe('the gate with a webhook processor of one webhook', () => {
  const PAGERDUTY = '/webhook/pagerduty';
  const reservedFor = ({ port }: Process): string => `${PAGERDUTY}=127.0.0.1:${port}`;

  test('hands it this webhook alone, in any spelling that n8n takes, and no other', async () => {
    const [main, shared, own] = [await n8n('main'), await n8n('shared'), await n8n('own')];
    const request = await gateBefore(main.port, [shared.port], undefined, reservedFor(own));
    for (const path of [PAGERDUTY, `${PAGERDUTY}?a=b`, '/WEBHOOK/PagerDuty'])
      expect(await request(path, '{}')).toEqual([200, 'own']);
    for (const path of [ALERT, `${PAGERDUTY}x`, `${PAGERDUTY}/x`, '/form/pagerduty'])
      expect(await request(path, '{}')).toEqual([200, 'shared']);
  });

  test.each([
    ['does not accept connections', (own: Process) => own.stop()],
    [
      'is not ready',
      async (own: Process) => {
        own.ready(503);
        await until(() => own.asked() > 1);
      },
    ],
  ])('hands the webhook to the others if its own %s', async (_what, fail) => {
    const [main, shared, own] = [await n8n('main'), await n8n('shared'), await n8n('own')];
    const request = await gateBefore(main.port, [shared.port], 10, reservedFor(own));
    await fail(own);
    expect(await request(PAGERDUTY, '{}')).toEqual([200, 'shared']);
  });

  test('has neither wait for the other while n8n answers late', async () => {
    const answers: (() => void)[] = [];
    const slow = createServer((_request, response) => answers.push(() => response.end('shared')));
    slow.listen(0, '127.0.0.1');
    await once(slow, 'listening');
    open.push(slow);
    const [main, own] = [await n8n('main'), await n8n('own')];
    const request = await gateBefore(main.port, [portOf(slow)], undefined, reservedFor(own));
    const waiting = ['{"n":1}', '{"n":2}', '{"n":3}'].map((body) => request(ALERT, body));
    await until(() => answers.length === 2);
    expect(await request(PAGERDUTY, '{}')).toEqual([200, 'own']);
    expect(answers).toHaveLength(2);
    for (let each = 0; each < 3; each += 1) {
      await until(() => answers.length > each);
      answers[each]?.();
    }
    expect(await Promise.all(waiting)).toEqual(Array(3).fill([200, 'shared']));
  });
});

describe('reservedIn', () => {
  test.each<[string, [string, { host: string; port: number }[]][]]>([
    ['', []],
    ['/webhook/PagerDuty=127.0.0.1:5678,', [['/webhook/pagerduty', [{ host: '127.0.0.1', port: 5678 }]]]],
    [
      '/webhook/a=b:1, /webhook/a=c:2',
      [
        [
          '/webhook/a',
          [
            { host: 'b', port: 1 },
            { host: 'c', port: 2 },
          ],
        ],
      ],
    ],
  ])('reads %j', (text, reserved) => {
    expect([...reservedIn(text)]).toEqual(reserved);
  });

  test.each(['pagerduty=b:1', '/webhook/a', '/webhook/a=', '/webhook/=b:1', '/rest/a=b:1', '/webhook/a?x=b:1', '=b:1'])(
    'refuses %j',
    (text) => {
      expect(() => reservedIn(text)).toThrow(/not a webhook and its process/);
    },
  );

  test('refuses an address without a port', () => {
    expect(() => reservedIn('/webhook/a=b')).toThrow(/not a host and a port: "b"/);
  });
});

describe('the gate that asks whether n8n is ready', () => {
  /** Each has answered twice since it was set, so that the gate has read its answer. */
  const known = (...processes: Process[]): Promise<void> => until(() => processes.every(({ asked }) => asked() > 1));

  test('hands no alert to a webhook processor that is not ready, and does so again once it is', async () => {
    const [main, first, second] = [await n8n('main'), await n8n('first'), await n8n('second')];
    first.ready(503);
    const request = await gateBefore(main.port, [first.port, second.port], 10);
    await known(first, second);
    for (let each = 0; each < 4; each += 1) expect(await request(ALERT, `{"n":${each}}`)).toEqual([200, 'second']);
    first.ready(200);
    await known(first);
    const answers = [(await request(ALERT, '{"n":4}'))[1], (await request(ALERT, '{"n":5}'))[1]];
    expect(answers.sort()).toEqual(['first', 'second']);
  });

  test('answers 503 to an alert while n8n starts, and leaves the editor to n8n', async () => {
    const main = await n8n('main');
    main.ready(503);
    const request = await gateBefore(main.port, [], 10);
    await known(main);
    expect((await request(ALERT, '{}'))[0]).toBe(503);
    expect(await request('/rest/settings')).toEqual([200, 'main']);
    expect(main.taken).toEqual(['/rest/settings']);
  });

  test.each([404, 401, 500])('ignores the answer %i, which says nothing about readiness', async (status) => {
    const [main, first] = [await n8n('main'), await n8n('first')];
    first.ready(status);
    const request = await gateBefore(main.port, [first.port], 10);
    await known(first);
    expect(await request(ALERT, '{}')).toEqual([200, 'first']);
  });
});

test('Upstreams without webhook processors has the main process answer everything', () => {
  expect(new Upstreams({ port: 5680 }).of(ALERT)).toEqual([{ host: '127.0.0.1', port: 5680 }]);
});

describe('addressesIn', () => {
  test.each([
    ['', []],
    ['127.0.0.1:5678', [{ host: '127.0.0.1', port: 5678 }]],
    [
      'n8n-webhook.n8n.svc:5678, b:1,',
      [
        { host: 'n8n-webhook.n8n.svc', port: 5678 },
        { host: 'b', port: 1 },
      ],
    ],
  ])('reads %j', (text, addresses) => {
    expect(addressesIn(text)).toEqual(addresses);
  });

  test.each(['5678', 'n8n:', ':5678', 'n8n:0', 'n8n:65536', 'http://n8n:1', 'n8n:1/x', 'a:1;b:2'])(
    'refuses %j',
    (text) => {
      expect(() => addressesIn(text)).toThrow(/not a host and a port/);
    },
  );
});
