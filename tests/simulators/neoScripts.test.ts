import { client, HEADERS, idOf, message } from './support/neo';

let is: Awaited<ReturnType<typeof client>>;
beforeEach(async () => {
  is = await client();
});
afterEach(() => is.neo.close());

const NOW = { timestamp: '2026-11-21T10:05:00Z' };
const PULL_REQUEST = 'https://github.com/acme/infrastructure/pull/1';

async function last(id: string) {
  const { events } = await is.events(id);
  return events.at(-1)?.eventBody;
}

const say = (id: string, event: object) => is.tasks('POST', `/${id}`, { body: { event: { ...NOW, ...event } } });
const confirm = (id: string, approval: string, ok: boolean) =>
  say(id, { type: 'user_confirmation', approval_request_id: approval, ok });

/** How the commission wants a last message to end. */
const NOT_FIXED = /\nResult: not fixed, .+$/;

describe('a task that fixes', () => {
  it('works, opens a pull request in its repository, and is idle', async () => {
    const id = idOf(await is.create());
    await is.idle(id);
    const { events } = await is.events(id);
    expect(events[0]).toMatchObject({ type: 'userInput', isSynthetic: false, eventBody: message() });
    expect(events.map(({ eventBody }) => eventBody.type)).toEqual([
      'user_message',
      'set_task_name',
      'assistant_message',
      'exec_tool_call',
      'tool_response',
      'change_entities',
      'assistant_message',
    ]);
    const final = events.at(-1)?.eventBody;
    expect(final).toMatchObject({ is_final: true, content: expect.stringContaining(PULL_REQUEST) as string });
    expect(final?.content).toMatch(new RegExp(`\\nResult: fixed, ${PULL_REQUEST}$`));
    expect((await is.tasks('GET', `/${id}`)).body).toMatchObject({ status: 'idle' });
  });

  it("takes the repository of its stack's program when it is given none", async () => {
    is.neo.configure({
      stacks: [{ organization: 'acme', project: 'p', name: 's', repository: { org: 'acme', name: 'programs' } }],
    });
    const add = [{ type: 'stack', project: 'p', name: 's' }];
    const id = idOf(await is.create({ message: message({ entity_diff: { add } }) }));
    await is.idle(id);
    expect((await last(id))?.content).toContain('https://github.com/acme/programs/pull/1');
  });

  it('finds no place for a pull request without any repository', async () => {
    const id = idOf(await is.create({ message: message({ entity_diff: undefined }) }));
    await is.idle(id);
    expect((await last(id))?.content).toMatch(NOT_FIXED);
  });

  it('ends in the words that it is given', async () => {
    const id = idOf(await is.create({}, { name: 'fixes', fixed: 'Done: {{pull_request}} in {{repository}}.' }));
    await is.idle(id);
    expect((await last(id))?.content).toBe(`Done: ${PULL_REQUEST} in acme/infrastructure.`);
  });

  it('asks first in review mode, unless it is told not to', async () => {
    const first = idOf(await is.create({ approvalMode: 'manual' }));
    const approval = await is.asked(first);
    await is.until(() => (is.neo.state()[0]?.events.length === 6 ? true : undefined));
    expect(await last(first)).toMatchObject({ type: 'user_approval_request', id: approval, sensitivity: 'regular' });
    const second = idOf(await is.create({ approvalMode: 'manual' }, { name: 'fixes', approvals: 'none' }));
    await is.idle(second);
    expect((await last(second))?.content).toContain(PULL_REQUEST);
  });
});

it('a task that only finds something opens no pull request', async () => {
  const id = idOf(await is.create({}, { name: 'findings' }));
  await is.idle(id);
  const final = await last(id);
  expect(final?.content).not.toContain('/pull/');
  expect(final?.content).toMatch(NOT_FIXED);
});

describe('a task that asks', () => {
  let id: string;
  let approval: string;
  beforeEach(async () => {
    id = idOf(await is.create({ approvalMode: 'auto' }, { name: 'asks-approval' }));
    approval = await is.asked(id);
  });

  it('goes on when it is approved', async () => {
    const { status, body } = await confirm(id, approval, true);
    expect(status).toBe(202);
    expect(body).toBe('');
    await is.until(() => (is.neo.state()[0]?.events.at(-1)?.eventBody.is_final === true ? true : undefined));
    expect((await last(id))?.content).toContain(PULL_REQUEST);
  });

  it('ends without a pull request when it is not', async () => {
    await confirm(id, approval, false);
    await is.until(() => (is.neo.state()[0]?.events.at(-1)?.eventBody.is_final === true ? true : undefined));
    expect((await last(id))?.content).toMatch(NOT_FIXED);
  });

  it('takes no approval of something else, and none twice', async () => {
    expect((await confirm(id, 'other', true)).status).toBe(400);
    expect((await confirm(id, approval, true)).status).toBe(202);
    expect((await confirm(id, approval, true)).status).toBeGreaterThanOrEqual(400);
  });

  it('answers anything else with what it waits for', async () => {
    expect((await say(id, { type: 'user_message', content: 'And?' })).status).toBe(202);
    expect(await last(id)).toMatchObject({ type: 'awaiting_approvals' });
  });
});

it('a task that errs ends with the error', async () => {
  const id = idOf(await is.create({}, { name: 'errs' }));
  await is.idle(id);
  expect(await last(id)).toMatchObject({ type: 'error', message: expect.any(String) as string });
});

describe('a task that never ends', () => {
  let id: string;
  beforeEach(async () => {
    id = idOf(await is.create({}, { name: 'never-ends' }));
  });

  it('takes no message meanwhile', async () => {
    const { status, body } = await say(id, { type: 'user_message', content: 'And?' });
    expect(status).toBe(409);
    expect(body).toMatchObject({ code: 409 });
  });

  it('is cancelled by its user', async () => {
    expect((await say(id, { type: 'user_cancel' })).status).toBe(202);
    await is.idle(id);
    expect(await last(id)).toMatchObject({ type: 'cancelled', operation_was_running: true });
  });

  it('is cancelled by force only, which it says nothing of', async () => {
    expect((await is.tasks('POST', `/${id}/cancel`, { body: {} })).status).toBe(400);
    expect((await is.tasks('POST', `/${id}/cancel`, { body: { force: true } })).status).toBe(204);
    await is.idle(id);
    expect((await last(id))?.type).not.toBe('cancelled');
  });
});

it('takes another turn after the first', async () => {
  const id = idOf(await is.create());
  await is.idle(id);
  expect((await say(id, { type: 'user_message', content: 'Again.' })).status).toBe(202);
  await is.until(() =>
    is.neo.state()[0]?.events.find(({ eventBody }) => eventBody.content?.toString().includes('/pull/2')),
  );
});

it.each([
  [{}, 'event'],
  [{ event: { ...NOW, type: 'tool_result', tool_results: [] } }, 'event'],
])('refuses %j as an answer to a task', async (body, about) => {
  const id = idOf(await is.create());
  const answer = await is.tasks('POST', `/${id}`, { body });
  expect(answer.status).toBe(400);
  expect(answer.body).toMatchObject({ message: expect.stringContaining(about) as string });
});

describe('a script by which', () => {
  it('the answer is lost creates the task all the same', async () => {
    await expect(is.create({}, { name: 'loses-answer', times: 1 })).rejects.toThrow();
    expect(is.neo.state()).toHaveLength(1);
    expect((await is.create()).status).toBe(201);
  });

  it('Neo is busy says when to come again, and creates nothing until then', async () => {
    is.neo.follow({ name: 'busy', retryAfter: 3 });
    for (const _ of [1, 2]) {
      const { status, headers, body } = await is.create();
      expect(status).toBe(429);
      expect(headers.get('retry-after')).toBe('3');
      expect(body).toEqual({ code: 429, message: 'Too Many Requests' });
    }
    expect(is.neo.state()).toEqual([]);
    expect((await is.create()).status).toBe(201);
  });

  it('Neo is down creates nothing', async () => {
    expect((await is.create({}, { name: 'down' })).status).toBe(503);
    expect((await is.create()).status).toBe(503);
    expect(is.neo.state()).toEqual([]);
  });

  it('the API has other names has them everywhere', async () => {
    const { status, body } = await is.create({}, { name: 'renamed' });
    expect(status).toBe(201);
    expect(body).toEqual({ id: is.neo.state()[0]?.id });
    const { events } = await is.events(is.neo.state()[0]?.id ?? '');
    expect(events[0]).toMatchObject({ body: { type: 'user_message' } });
    expect(events[0]).not.toHaveProperty('eventBody');
  });

  it('Neo is slow answers all the same', async () => {
    expect((await is.create({}, { name: 'slow', delayMilliseconds: 20 })).status).toBe(201);
  });
});

describe('the stream of events', () => {
  const read = async (id: string, lastEventId?: string) => {
    const answer = await fetch(`${is.neo.url}/api/preview/agents/acme/tasks/${id}/events/stream`, {
      headers: lastEventId === undefined ? HEADERS : { ...HEADERS, 'last-event-id': lastEventId },
    });
    expect(answer.headers.get('content-type')).toBe('text/event-stream');
    const frames = (await answer.text()).split('\n\n').filter(Boolean);
    return frames.map((frame) => {
      const [, sentId, data] = /^id: (.+)\ndata: (.+)$/.exec(frame) ?? [];
      expect(JSON.parse(data ?? '')).toMatchObject({ id: sentId });
      return JSON.parse(data ?? '') as { id: string };
    });
  };

  it('has them all and ends with the task', async () => {
    const id = idOf(await is.create());
    const streamed = await read(id);
    expect(streamed).toEqual((await is.events(id)).events);
    expect(streamed).toHaveLength(7);
  });

  it('goes on after the one that the client had last', async () => {
    const id = idOf(await is.create());
    await is.idle(id);
    const { events } = await is.events(id);
    expect(await read(id, events[3]?.id)).toEqual(events.slice(4));
    expect(await read(id, 'unknown')).toEqual(events);
  });

  it('stays open while the task waits', async () => {
    const id = idOf(await is.create({}, { name: 'asks-approval' }));
    const streamed = read(id);
    await confirm(id, await is.asked(id), true);
    expect((await streamed).at(-1)).toMatchObject({ eventBody: { is_final: true } });
  });
});
