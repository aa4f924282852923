import type { ServerResponse } from 'node:http';

import { followEvents } from '../../adapters/neo/follow';
import { serve } from '../support/httpServer';
import { type Simulated, simulateNeo } from '../support/neo';

let simulated: Simulated;
beforeAll(async () => {
  simulated = await simulateNeo();
});
afterAll(() => simulated.neo.close());
beforeEach(() => simulated.reset());

const follow = (taskId: string, more: object = {}) =>
  followEvents(simulated.access, taskId, { after: '', patienceMs: 5000, restMs: 1, ...more });
const idsOf = (events: readonly { id: string }[]): string[] => events.map(({ id }) => id);
const ofStream = () => simulated.neo.requests.all().filter(({ path }) => path.endsWith('/events/stream'));

/** A server whose task has no event yet when it is first asked, and what it streams then. */
const streaming = (stream: (last: string | undefined, response: ServerResponse) => void) =>
  serve((request, response) => {
    if (request.url?.endsWith('/events/stream') !== true) {
      response.end(JSON.stringify({ events: [] }));
      return;
    }
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    stream(request.headers['last-event-id']?.toString(), response);
  });

describe('a stream that cannot be had', () => {
  test.each<[string, object, object, RegExp]>([
    ['of a task that is not there', {}, {}, /answered 404.*'missing' not found/],
    ['with a wrong token', { accessToken: 'wrong' }, {}, /answered 401/],
    [
      'at a server that is not there',
      { url: 'http://127.0.0.1:1' },
      { patienceMs: 50 },
      /did not answer GET .*ECONNREFUSED/,
    ],
  ])('%s is an error that says so', async (_what, access, more, reason) => {
    const asked = followEvents({ ...simulated.access, ...access }, 'missing', { after: '', patienceMs: 1000, ...more });
    await expect(asked).rejects.toMatchObject({
      name: 'PipelineError',
      message: expect.stringMatching(reason) as string,
    });
  });

  test('because Pulumi is in trouble all the time', async () => {
    simulated.fault({ times: 100_000, status: 503 });
    await expect(follow('t-1', { patienceMs: 100 })).rejects.toMatchObject({ code: 'unreachable' });
  });

  test.each<[string, string]>([
    ['no JSON', 'data: {\n\n'],
    ['an event of another form', 'data: {"id":"1","body":{}}\n\n'],
    ['a known type of another form', 'data: {"id":"1","eventBody":{"type":"error"}}\n\n'],
  ])('because it holds %s', async (_what, text) => {
    const server = await streaming((_last, response) => response.end(text));
    const asked = followEvents({ ...simulated.access, url: server.url }, 't-1', { after: '', patienceMs: 1000 });
    await expect(asked).rejects.toMatchObject({
      code: 'rejected',
      message: expect.stringContaining('event stream of Neo task t-1') as string,
    });
    await server.close();
  });
});

describe('a task is followed', () => {
  test.each([
    ['fixes', 'assistant_message'],
    ['findings', 'assistant_message'],
    ['errs', 'error'],
    ['asks-approval', 'user_approval_request'],
  ] as const)('that %s, to its %s', async (name, last) => {
    const id = await simulated.start({ name });
    const { events, ended } = await follow(id);
    expect(ended).toBe(true);
    expect(events.at(-1)?.eventBody.type).toBe(last);
    expect(idsOf(events)).toEqual(idsOf(simulated.task(id).events));
  });

  test('for no longer than it may', async () => {
    const id = await simulated.start({ name: 'never-ends' });
    await simulated.until(id, ({ events }) => events.length === 5);
    const { events, ended } = await follow(id, { patienceMs: 100 });
    expect(ended).toBe(false);
    expect(idsOf(events)).toEqual(idsOf(simulated.task(id).events));
  });

  test('from behind the event that was seen', async () => {
    const id = await simulated.start({ name: 'findings' });
    const all = idsOf((await follow(id)).events);
    expect(idsOf((await follow(id, { after: all[2] })).events)).toEqual(all.slice(3));
  });

  test('beyond an approval that was answered', async () => {
    const id = await simulated.start({ name: 'asks-approval' });
    const approval = (await simulated.until(id, ({ waitsFor }) => waitsFor !== null)).waitsFor;
    await simulated.say(id, { type: 'user_confirmation', approval_request_id: approval, ok: true });
    await simulated.until(id, ({ status }) => status === 'idle');
    expect((await follow(id)).events.at(-1)?.eventBody).toMatchObject({ type: 'assistant_message', is_final: true });
  });
});

describe('a connection that breaks is taken up again', () => {
  test('before its answer, with 503 and with 429', async () => {
    const id = await simulated.start({ name: 'findings' });
    simulated.fault({ drop: 'before' });
    simulated.fault({ status: 503 });
    simulated.fault({ status: 429 });
    const { events, ended } = await follow(id);
    expect(ended).toBe(true);
    expect(idsOf(events)).toEqual(idsOf(simulated.task(id).events));
  });

  /** A server that sends each connection one event more, and breaks it off in the middle of the next. */
  test.each([
    ['where it stopped', true],
    ['though the server begins again each time', false],
  ])('in the middle, %s: nothing is lost and nothing comes twice', async (_what, obeys) => {
    const events = ['one', 'two', 'three'].map((content, index) => ({
      id: `e-${index}`,
      eventBody: { type: 'assistant_message', content, is_final: index === 2 },
    }));
    const asked: (string | undefined)[] = [];
    const server = await streaming((last, response) => {
      asked.push(last);
      const seen = events.findIndex(({ id }) => id === last) + 1;
      const text = events.map((event) => `id: ${event.id}\ndata: ${JSON.stringify(event)}\n\n`);
      response.write(text.slice(obeys ? seen : 0, seen + 1).join('') + (text[seen + 1] ?? '').slice(0, 20), () =>
        response.destroy(),
      );
    });
    const followed = await followEvents({ ...simulated.access, url: server.url }, 't-1', {
      after: '',
      patienceMs: 5000,
      restMs: 1,
    });
    expect(idsOf(followed.events)).toEqual(['e-0', 'e-1', 'e-2']);
    expect(followed.ended).toBe(true);
    expect(asked).toEqual([undefined, 'e-0', 'e-1']);
    await server.close();
  });

  test('which names what it takes', async () => {
    await follow(await simulated.start({ name: 'findings' }));
    expect(ofStream()[0]?.headers.accept).toBe('text/event-stream, application/vnd.pulumi+8');
  });
});
