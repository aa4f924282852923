import assert from 'node:assert/strict';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, beforeEach, describe, test } from 'node:test';
import * as pulumi from '@pulumi/pulumi';
import { EVENTS, provider } from '../pagerduty/webhookSubscription';

interface Call {
  method: string | undefined;
  url: string | undefined;
  headers: IncomingMessage['headers'];
  body: unknown;
}

const calls: Call[] = [];
let answer: { status: number; body: unknown };

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const text = Buffer.concat(chunks).toString();
    const { method, url, headers } = request;
    calls.push({ method, url, headers, body: text === '' ? undefined : JSON.parse(text) });
    response.writeHead(answer.status, { 'Content-Type': 'application/json' }).end(JSON.stringify(answer.body));
  });
});

let inputs: Parameters<typeof provider.create>[0];

before(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  inputs = {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    token: 'key',
    serviceId: 'PSERVICE',
    url: 'https://n8n.example.com/webhook/pagerduty',
    description: 'Remediation',
    events: EVENTS,
  };
});
after(() => server.close());
beforeEach(() => (calls.length = 0));

describe('the webhook subscription', () => {
  test('is made with the service as its filter, and keeps the secret that PagerDuty tells once', async () => {
    answer = { status: 201, body: { webhook_subscription: { id: 'PHOOK', delivery_method: { secret: 'sign' } } } };
    assert.deepEqual(await provider.create(inputs), { id: 'PHOOK', outs: { ...inputs, secret: 'sign' } });
    const [call] = calls;
    assert.deepEqual([call?.method, call?.url], ['POST', '/webhook_subscriptions']);
    assert.equal(call?.headers.authorization, 'Token token=key');
    assert.deepEqual(call.body, {
      webhook_subscription: {
        type: 'webhook_subscription',
        active: true,
        description: 'Remediation',
        delivery_method: { type: 'http_delivery_method', url: inputs.url },
        events: ['incident.triggered', 'incident.reopened', 'incident.resolved'],
        filter: { type: 'service_reference', id: 'PSERVICE' },
      },
    });
  });

  test('is not made when PagerDuty refuses, and says what PagerDuty said', async () => {
    answer = { status: 400, body: { error: { message: 'too many subscriptions' } } };
    await assert.rejects(provider.create(inputs), /400 to POST .*too many subscriptions/);
    answer = { status: 404, body: {} };
    await assert.rejects(provider.create(inputs), /404/);
  });

  test('is not content with an answer without a secret', async () => {
    answer = { status: 201, body: { webhook_subscription: { id: 'PHOOK' } } };
    await assert.rejects(provider.create(inputs), /no signing secret/);
  });

  test('is replaced when what it is changes, and stays when only the key does', async () => {
    const olds = { ...inputs, secret: 'sign' };
    const diff = (news: Partial<typeof inputs>) => provider.diff?.('PHOOK', olds, { ...inputs, ...news });
    assert.deepEqual(await diff({}), { changes: false, replaces: [] });
    assert.deepEqual(await diff({ url: 'https://other' }), { changes: true, replaces: ['url'] });
    assert.deepEqual(await diff({ events: ['incident.triggered'] }), { changes: true, replaces: ['events'] });
    assert.deepEqual(await diff({ token: 'other' }), { changes: true, replaces: [] });
    const updated = await provider.update?.('PHOOK', olds, { ...inputs, token: 'other' });
    assert.deepEqual(updated?.outs, { ...inputs, token: 'other', secret: 'sign' });
  });

  test('is seen to be gone, and deleted once', async () => {
    const props = { ...inputs, secret: 'sign' };
    answer = { status: 200, body: {} };
    assert.deepEqual(await provider.read?.('PHOOK', props), { id: 'PHOOK', props });
    answer = { status: 404, body: {} };
    assert.deepEqual(await provider.read?.('PHOOK', props), {});
    await provider.delete?.('PHOOK', props);
    assert.deepEqual([calls.at(-1)?.method, calls.at(-1)?.url], ['DELETE', '/webhook_subscriptions/PHOOK']);
    answer = { status: 500, body: {} };
    await assert.rejects(async () => provider.delete?.('PHOOK', props), /500/);
  });

  test("can be stored as text, with no module but Node's own in it", async () => {
    const { text } = await pulumi.runtime.serializeFunction(() => provider);
    assert.doesNotMatch(text, /require\(/);
  });
});
