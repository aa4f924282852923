import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { type RunningServer, serve } from '../support/httpServer';
import { account, NEO, trigger, USER } from './support/pagerduty';

interface Received {
  headers: Record<string, unknown>;
  raw: string;
  event: { id: string; event_type: string; data: Record<string, unknown>; agent: { id: string } | null };
}

let receiver: RunningServer;
let received: Received[];
/** The statuses to answer, in order, then 202. Null: no answer. */
let answers: (number | null)[];
/** Long enough for a machine that is busy; only the receiver that never answers gets less. */
const delivery = { timeoutMilliseconds: 5_000, retryMilliseconds: [1, 1] };
let is: Awaited<ReturnType<typeof account>>;

beforeEach(async () => {
  received = [];
  answers = [];
  receiver = await serve(({ headers }, response, raw) => {
    received.push({ headers, raw, event: (JSON.parse(raw) as Pick<Received, 'event'>).event });
    const status = answers.length === 0 ? 202 : answers.shift();
    if (typeof status === 'number') response.writeHead(status).end();
  });
  is = await account({
    account: { webhooks: [{ id: 'PWEBH00', url: receiver.url, secrets: ['old', 'new'] }] },
    delivery,
  });
});
afterEach(async () => {
  await is.pagerDuty.close();
  await receiver.close();
});

const put = (id: string, wish: object) =>
  is.write('PUT', `/incidents/${id}`, { incident: { type: 'incident', ...wish } });
const types = (): string[] => received.map(({ event }) => event.event_type);
const fixture = (name: string): unknown =>
  JSON.parse(readFileSync(join(__dirname, `../fixtures/alerts/pagerduty-${name}.json`), 'utf8'));

/** The names and the kinds of values, which is what a receiver's schema looks at. */
function shape(value: unknown): unknown {
  if (Array.isArray(value)) return value.slice(0, 1).map(shape);
  if (typeof value !== 'object' || value === null) return value === null ? 'null' : typeof value;
  return Object.fromEntries(
    Object.entries(value)
      .sort()
      .map(([name, inner]) => [name, shape(inner)]),
  );
}

it('have the form of the recorded ones', async () => {
  const id = await is.incident();
  const priority = { id: 'PSO75BM', type: 'priority_reference' };
  await put(id, { priority });
  await is.write('POST', `/incidents/${id}/notes`, { note: { content: 'Looking at it.' } });
  await is.admin('POST', 'webhooks/PWEBH00/ping');
  await is.pagerDuty.settled();
  const body = (type: string): unknown =>
    JSON.parse(received.find(({ event }) => event.event_type === type)?.raw ?? '');
  // The recorded one has a priority, which a service of the simulator only gets by an update.
  expect(shape(body('incident.priority_updated'))).toEqual(shape(fixture('triggered')));
  expect(shape(body('incident.annotated'))).toEqual(shape(fixture('annotated')));
  expect(shape(body('pagey.ping'))).toEqual(shape(fixture('ping')));
});

it('are signed over the raw body with every secret', async () => {
  await is.incident();
  await is.pagerDuty.settled();
  const [webhook] = received;
  const signed = ['old', 'new'].map(
    (secret) =>
      `v1=${createHmac('sha256', secret)
        .update(webhook?.raw ?? '')
        .digest('hex')}`,
  );
  expect(webhook?.headers).toMatchObject({
    'x-pagerduty-signature': signed.join(','),
    'x-webhook-subscription': 'PWEBH00',
    'user-agent': 'PagerDuty-Webhook/V3.0',
    'content-type': 'application/json',
  });
});

it('tell each change, by whom, in order', async () => {
  const id = await is.incident();
  await put(id, { status: 'acknowledged' });
  await put(id, { assignments: [{ assignee: { id: NEO.id, type: 'user_reference' } }] });
  await put(id, { status: 'resolved' });
  await is.admin('POST', `incidents/${id}/reopen`, { user: USER.id });
  await is.pagerDuty.settled();
  expect(types()).toEqual([
    'incident.triggered',
    'incident.acknowledged',
    'incident.reassigned',
    'incident.resolved',
    'incident.reopened',
  ]);
  expect(received.map(({ event }) => event.data.status)).toEqual([
    'triggered',
    'acknowledged',
    'triggered',
    'resolved',
    'triggered',
  ]);
  expect(received[1]?.event.agent?.id).toBe(USER.id);
});

it('are of the types that the subscription names', async () => {
  is.pagerDuty.configure({
    webhooks: [{ id: 'PWEBH00', url: receiver.url, secrets: ['s'], events: ['incident.resolved'] }],
  });
  await put(await is.incident(), { status: 'resolved' });
  await is.pagerDuty.settled();
  expect(types()).toEqual(['incident.resolved']);
});

it('say nothing of an alert that joins an incident or repeats one', async () => {
  await is.send(trigger({ dedup_key: 'a' }));
  await is.send(trigger({ dedup_key: 'a' }));
  await is.pagerDuty.settled();
  expect(types()).toEqual(['incident.triggered']);
});

describe('a receiver that answers with', () => {
  it.each([500, 503, 429])('%s gets the same webhook again', async (status) => {
    answers = [status, 202];
    await is.incident();
    await is.pagerDuty.settled();
    expect(received).toHaveLength(2);
    expect(received[0]?.headers['x-webhook-id']).toBe(received[1]?.headers['x-webhook-id']);
    expect(received[0]?.raw).toBe(received[1]?.raw);
    expect(is.pagerDuty.state().deliveries).toMatchObject([{ outcome: 'delivered' }]);
  });

  it('nothing in time gets the same webhook again', async () => {
    const hasty = await account({
      account: { webhooks: [{ id: 'PWEBH00', url: receiver.url, secrets: ['s'] }] },
      delivery: { timeoutMilliseconds: 100, retryMilliseconds: [1] },
    });
    answers = [null];
    await hasty.incident();
    await hasty.pagerDuty.settled();
    await hasty.pagerDuty.close();
    expect(received.length).toBeGreaterThan(1);
    expect(new Set(received.map(({ headers }) => headers['x-webhook-id'])).size).toBe(1);
  });

  it('another 4xx does not get it again', async () => {
    answers = [401];
    await is.incident();
    await is.pagerDuty.settled();
    expect(received).toHaveLength(1);
    expect(is.pagerDuty.state().deliveries).toMatchObject([{ attempts: [401], outcome: 'dropped' }]);
  });

  it('nothing but errors is given up', async () => {
    answers = [500, 500, 500];
    await is.incident();
    await is.pagerDuty.settled();
    expect(is.pagerDuty.state().deliveries).toMatchObject([{ attempts: [500, 500, 500], outcome: 'given up' }]);
  });

  it('4xx three times in a row is switched off', async () => {
    answers = [400, 400, 400];
    for (let incident = 1; incident <= 4; incident++) {
      await is.incident();
      await is.pagerDuty.settled();
    }
    expect(received).toHaveLength(3);
  });
});

it('of one incident wait for each other, and not for those of another', async () => {
  answers = [503, 202, 202, 202];
  const first = await is.incident();
  await put(first, { status: 'acknowledged' });
  await is.incident();
  await is.pagerDuty.settled();
  const ofFirst = received.filter(({ event }) => event.data.id === first);
  expect(ofFirst.map(({ event }) => event.event_type)).toEqual([
    'incident.triggered',
    'incident.triggered',
    'incident.acknowledged',
  ]);
  expect(received).toHaveLength(4);
});
