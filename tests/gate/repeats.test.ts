import { COUNT_HEADER, PERMIT_HEADER } from '../../gate/repeats/permit';
import { type RepeatLimits } from '../../gate/repeats/repeats';
import { DAY_MS, restoreClocks, setWallClock } from '../support/clocks';
import { type Seen, stand, until, type World } from './support';

const ALERT = '/webhook/security-alerts';
const PERMIT = { same: ['x-alert-secret', 'content-type'], differ: ['time', 'output_fields/proc.*'] };

let world: World;
afterEach(() => world.close());

const bodyOf = (over: Record<string, unknown> = {}, fields: Record<string, unknown> = {}): string =>
  JSON.stringify({ rule: 'Shell', time: 't0', ...over, output_fields: { 'k8s.pod.uid': 'a', ...fields } });

const post = (body = bodyOf(), { path = ALERT, secret = 's', method = 'POST', headers = {} } = {}) =>
  fetch(`${world.url}${path}`, {
    method,
    body,
    headers: { 'Content-Type': 'application/json', 'X-Alert-Secret': secret, ...headers },
  });

/** n8n, which calls every alert with the right secret a repeat, as long as it is told to. */
async function withN8n(limits: Partial<RepeatLimits> = {}): Promise<{ status: number; isRepeat: boolean }> {
  const n8n = { status: 202, isRepeat: true };
  world = await stand(
    {},
    (request, response) => {
      const known = n8n.isRepeat && request.headers['x-alert-secret'] === 's';
      if (known) response.setHeader(PERMIT_HEADER, JSON.stringify(PERMIT));
      response.writeHead(n8n.status, { 'Content-Type': 'application/json' }).end(`{"number":${world.seen.length}}`);
    },
    false,
    { paceMs: 5, answerMs: 60_000, retryMs: 5, ...limits },
  );
  return n8n;
}

/** Lets the moment pass in which the gate answers by itself. */
function later(): void {
  world.repeatLimits.answerMs = 0;
}

/** How many alerts n8n has counted. */
const counted = (seen: readonly Seen[]): number =>
  seen.reduce((sum, { headers }) => sum + 1 + Number(headers[COUNT_HEADER] ?? 0), 0);

describe('the gate answers a repeat by itself', () => {
  test("with n8n's answer, and n8n sees it no more", async () => {
    await withN8n();
    const first = await post();
    const again = await Promise.all(Array.from({ length: 50 }, (_, index) => post(bodyOf({ time: `t${index}` }))));
    expect(first.headers.get(PERMIT_HEADER)).toBeNull();
    for (const answer of again)
      expect([answer.status, answer.headers.get('content-type'), await answer.text()]).toEqual([
        202,
        'application/json',
        '{"number":1}',
      ]);
    expect(world.seen).toHaveLength(1);
  });

  test.each([
    ['another rule', () => post(bodyOf({ rule: 'Escape' }))],
    ['another pod', () => post(bodyOf({}, { 'k8s.pod.uid': 'b' }))],
    ['a field that nobody named', () => post(bodyOf({}, { 'a.new.field': 1 }))],
    ['a field that is missing', () => post('{"rule":"Shell","time":"t0","output_fields":{}}')],
    ['another secret', () => post(bodyOf(), { secret: 'guessed' })],
    ['another media type', () => post(bodyOf(), { headers: { 'Content-Type': 'application/json; charset=x' } })],
    ['another address', () => post(bodyOf(), { path: `${ALERT}?x` })],
    ['another method', () => post(bodyOf(), { method: 'PUT' })],
    ['what is no JSON', () => post('{"rule":"Shell"')],
    ['what is nested too deeply', () => post(`${'['.repeat(8000)}${']'.repeat(8000)}`)],
    ['what is larger than an alert', () => post(bodyOf({ time: 'x'.repeat(20_000) }))],
  ])('but not %s', async (_what, different) => {
    await withN8n();
    await post();
    await post(bodyOf({ time: 't1' }));
    expect(world.seen).toHaveLength(1);
    await (await different()).text();
    expect(world.seen).toHaveLength(2);
  });

  test('for as many incidents as there is room, and n8n answers the others', async () => {
    await withN8n({ incidents: 3 });
    for (const rule of ['a', 'b', 'c', 'd', 'd', 'a', 'b', 'c', 'd']) await (await post(bodyOf({ rule }))).text();
    expect(world.seen.map(({ body }) => (JSON.parse(body) as { rule: string }).rule).join('')).toBe('abcddd');
  });
});

describe('n8n is notified', () => {
  test('how many a request stands for, whatever happens at once', async () => {
    await withN8n();
    const postMany = (count: number) =>
      Promise.all(Array.from({ length: count }, (_, index) => post(bodyOf({ rule: `rule ${index % 7}` }))));
    await postMany(7);
    await postMany(280);
    later();
    await until(() => counted(world.seen) >= 287);
    expect(counted(world.seen)).toBe(287);
    expect(world.seen).toHaveLength(14);
  });

  test('of the last one, so that it sees when it is no repeat any more', async () => {
    const n8n = await withN8n();
    await post();
    n8n.isRepeat = false;
    await post(bodyOf({ time: 't1' }));
    await post(bodyOf({ time: 't2' }));
    later();
    await until(() => world.seen.length === 2);
    expect(world.seen[1]).toMatchObject({ body: bodyOf({ time: 't2' }), headers: { [COUNT_HEADER]: '1' } });
    expect(world.seen[1]?.headers).toMatchObject({ 'x-alert-secret': 's', 'x-forwarded-for': '127.0.0.1' });
    // And from then on of each.
    await until(() => !isHeld());
    await post();
    await post();
    expect(world.seen).toHaveLength(4);
  });

  test('nothing by a sender about what the gate answered', async () => {
    await withN8n();
    await post(bodyOf(), { headers: { [COUNT_HEADER]: '1000' } });
    expect(world.seen[0]?.headers).not.toHaveProperty(COUNT_HEADER);
  });

  test('of what is left when the gate ends', async () => {
    await withN8n();
    for (let time = 0; time < 5; time += 1) await post(bodyOf({ time }));
    await world.gate.repeats.close();
    expect(counted(world.seen)).toBe(5);
  });

  test('again what it did not take, while the gate answers nothing in its place', async () => {
    const n8n = await withN8n();
    await post();
    n8n.status = 503;
    await post(bodyOf({ time: 't1' }));
    later();
    await until(() => world.seen.length >= 3);
    expect((await post()).status).toBe(503);
    n8n.status = 202;
    await until(() => world.seen.some(({ body }, index) => index > 2 && body === bodyOf({ time: 't1' })));
    expect(world.lost()).toBe(0);
  });

  test.each([[503], [401]])('what it never took is reported, after %d', async (status) => {
    const n8n = await withN8n({ attempts: 3 });
    await post();
    Object.assign(n8n, { status, isRepeat: false });
    await Promise.all([post(), post(), post()]);
    later();
    await until(() => world.lost() > 0);
    expect(world.lost()).toBe(3);
    expect(world.turnedAway).toEqual(['an answered repeat that n8n did not take']);
  });

  test('nothing more once it is gone', async () => {
    await withN8n({ attempts: 2 });
    await post();
    await post();
    world.upstream.closeAllConnections();
    world.upstream.close();
    later();
    await until(() => world.lost() > 0);
    expect((await post()).status).toBe(503);
  });
});

describe('a wall clock that is set', () => {
  afterEach(restoreClocks);

  test('forward ends no answer early', async () => {
    await withN8n();
    await post();
    setWallClock(DAY_MS);
    // Meanwhile the gate looks many times for answers that are old.
    for (let rule = 0; rule < 20; rule += 1) await post(bodyOf({ rule: `rule ${rule}` }));
    await post(bodyOf({ time: 't1' }));
    expect(world.seen).toHaveLength(21);
  });

  test('back keeps no answer for longer', async () => {
    await withN8n();
    await post();
    await post(bodyOf({ time: 't1' }));
    setWallClock(-DAY_MS);
    later();
    await until(() => world.seen.length === 2);
    expect(world.seen[1]?.body).toBe(bodyOf({ time: 't1' }));
  });
});

/** Whether n8n's answer is still given again. */
function isHeld(): boolean {
  return world.gate.repeats.size > 0;
}
