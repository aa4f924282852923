import { URGENT_HEADER } from '../../gate/urgent/urgency';
import { stand, until, type World } from './support';

const ALERT = '/webhook/security-alerts';
const URGENCY = JSON.stringify({ same: ['x-alert-secret', 'content-type'], field: 'rule' });

let world: World;
/** Requests that n8n has not answered yet, by what their body names. */
let open: Map<string, () => void>;
afterEach(() => world.close());

/** n8n, which answers a request when a test says so, and calls those of one rule urgent. */
async function withN8n(together = 1): Promise<void> {
  open = new Map();
  world = await stand(
    {},
    (request, response) => {
      const { rule, name } = JSON.parse(world.seen.at(-1)?.body ?? '{}') as { rule: string; name: string };
      if (rule === 'Escape' && request.headers['x-alert-secret'] === 's') response.setHeader(URGENT_HEADER, URGENCY);
      open.set(name, () => response.writeHead(202).end('{}'));
    },
    false,
    {},
    { together, workMs: 60_000, backMs: 0, paceMs: 0 },
  );
}

const post = (rule: string, name: string, secret = 's', path = ALERT): Promise<Response> =>
  fetch(`${world.url}${path}`, {
    method: 'POST',
    body: JSON.stringify({ rule, name }),
    headers: { 'Content-Type': 'application/json', 'X-Alert-Secret': secret },
  });

const reached = (name: string): Promise<void> => until(() => open.has(name));
const answer = (name: string): void => open.get(name)?.();
/** Has n8n call the rule urgent. */
async function learnt(): Promise<void> {
  const first = post('Escape', 'first');
  await reached('first');
  answer('first');
  expect((await first).headers.get(URGENT_HEADER)).toBeNull();
}

describe('an alert of a kind that n8n called urgent', () => {
  test('waits for no other', async () => {
    await withN8n();
    await learnt();
    const all = [post('Noise', 'busy')];
    await reached('busy');
    all.push(post('Noise', 'waiting'), post('Escape', 'urgent'));
    await reached('urgent');
    expect([...open.keys()]).toEqual(['first', 'busy', 'urgent']);
    answer('urgent');
    answer('busy');
    await reached('waiting');
    answer('waiting');
    for (const { status } of await Promise.all(all)) expect(status).toBe(202);
  });

  test.each<[string, Parameters<typeof post>]>([
    ['another rule', ['Noise', 'other']],
    ['another secret', ['Escape', 'other', 'guessed']],
    ['another address', ['Escape', 'other', 's', `${ALERT}?x`]],
  ])('is no reason to let one with %s go first', async (_what, other) => {
    await withN8n();
    await learnt();
    const all = [post('Noise', 'busy')];
    await reached('busy');
    all.push(post(...other));
    const urgent = post('Escape', 'urgent');
    await reached('urgent');
    expect(open.has('other')).toBe(false);
    answer('urgent');
    answer('busy');
    await reached('other');
    answer('other');
    await Promise.all([...all, urgent]);
  });
});

describe('alerts that are not urgent', () => {
  test('reach n8n a few at a time', async () => {
    await withN8n(2);
    const all = ['a', 'b', 'c'].map((name) => post('Noise', name));
    await until(() => open.size === 2);
    const first = [...open.keys()];
    for (const name of first) answer(name);
    await until(() => open.size === 3);
    for (const name of open.keys()) if (!first.includes(name)) answer(name);
    for (const { status } of await Promise.all(all)) expect(status).toBe(202);
  });

  test('still reach n8n while urgent ones are worked on', async () => {
    await withN8n();
    await learnt();
    const urgent = post('Escape', 'urgent');
    await reached('urgent');
    const other = post('Noise', 'other');
    await reached('other');
    answer('other');
    answer('urgent');
    await Promise.all([urgent, other]);
  });

  test('give up their place when their sender leaves', async () => {
    await withN8n();
    const busy = post('Noise', 'busy');
    await reached('busy');
    const leaving = new AbortController();
    const left = fetch(`${world.url}${ALERT}`, {
      method: 'POST',
      body: JSON.stringify({ rule: 'Noise', name: 'left' }),
      headers: { 'Content-Type': 'application/json' },
      signal: leaving.signal,
    });
    await until(() => world.gate.connections.count === 2);
    leaving.abort();
    await expect(left).rejects.toThrow();
    await until(() => world.gate.connections.count === 1);
    answer('busy');
    await busy;
    const next = post('Noise', 'next');
    await reached('next');
    expect(open.has('left')).toBe(false);
    answer('next');
    await next;
  });
});

test.each<[string, string]>([
  ['no JSON', 'rule'],
  ['no field', '{"same":["x-alert-secret"]}'],
  ['no header that has to be the same', '{"same":[],"field":"rule"}'],
  ['nothing', 'null'],
])('what n8n calls urgent is ignored with %s', async (_what, header) => {
  world = await stand({}, (_request, response) => response.setHeader(URGENT_HEADER, header).writeHead(202).end('{}'));
  open = new Map();
  expect((await post('Escape', 'a')).status).toBe(202);
  expect((await post('Escape', 'b')).status).toBe(202);
});
