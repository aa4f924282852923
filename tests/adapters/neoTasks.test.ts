import type { ScriptSettings } from '../../cluster/local/simulators/neo/script';
import { consoleUrl, listTasks, readEvents, readTask } from '../../adapters/neo/tasks';
import { watchTask } from '../../app/neo/watchTask';
import type { TaskRequest } from '../../core/remediation/taskRequest';
import { serve } from '../support/httpServer';
import { NOW, type Simulated, simulateNeo } from '../support/neo';

let simulated: Simulated;
beforeAll(async () => {
  simulated = await simulateNeo();
});
afterAll(() => simulated.neo.close());
beforeEach(() => simulated.reset());

const ended = async (script: ScriptSettings, change: Partial<TaskRequest> = {}): Promise<string> => {
  const id = await simulated.start(script, change);
  await simulated.until(id, ({ status, events }) => status === 'idle' && events.length > 1);
  return id;
};
const fault = (plan: object): void => {
  simulated.fault({ method: 'GET', ...plan });
};

describe('a task that cannot be read', () => {
  test.each<[number, string, RegExp]>([
    [401, 'forbidden', /create a new one/],
    [403, 'forbidden', /Neo is switched on/],
    [404, 'not_found', /Check the organization/],
    [409, 'conflict', /waits for something else/],
    [418, 'rejected', /says why/],
    [429, 'unreachable', /too many requests/],
    [503, 'unreachable', /status\.pulumi\.com/],
  ])('with %d is %s, with the next step', async (status, code, nextStep) => {
    fault({ status });
    await expect(readTask(simulated.access, 't-1')).rejects.toMatchObject({
      code,
      message: expect.stringContaining('could not read Neo task t-1') as string,
      nextStep: expect.stringMatching(nextStep) as string,
    });
  });

  test.each<[string, unknown, RegExp]>([
    ['a status of another name', { id: 't-1', state: 'idle', createdAt: NOW.toISOString() }, /status/],
    ['a time that is none', { id: 't-1', status: 'idle', createdAt: 7 }, /createdAt/],
    ['a page', '<html>', /body|expected object/i],
  ])('because it answers with %s', async (_what, body, reason) => {
    fault({ status: 200, body });
    await expect(readTask(simulated.access, 't-1')).rejects.toMatchObject({
      code: 'rejected',
      message: expect.stringMatching(reason) as string,
    });
  });

  test('because its events have other names', async () => {
    const id = await ended({ name: 'renamed', renames: { eventBody: 'body' } });
    await expect(watchTask(simulated.port, id, NOW)).rejects.toMatchObject({
      code: 'rejected',
      nextStep: expect.stringContaining('newer version') as string,
    });
  });

  test('because its pages go in a circle', async () => {
    const server = await serve((_request, response) =>
      response.end(JSON.stringify({ events: [], continuationToken: 'again' })),
    );
    await expect(readEvents({ ...simulated.access, url: server.url }, 't-1')).rejects.toThrow('more than 200 pages');
    await server.close();
  });
});

describe('pages are read to the last one', () => {
  test('of tasks', async () => {
    const ids = await Promise.all(Array.from({ length: 205 }, () => simulated.start({ name: 'never-ends' })));
    expect(new Set((await listTasks(simulated.access)).map(({ id }) => id))).toEqual(new Set(ids));
    expect(simulated.neo.requests.all().filter(({ method }) => method === 'GET')).toHaveLength(3);
  });

  test('of events, in order', async () => {
    const id = await ended({ name: 'findings' });
    const say = async (): Promise<void> => {
      await simulated.say(id, { type: 'user_message', content: 'Look again.' });
      await simulated.until(id, ({ status }) => status === 'idle');
    };
    while (simulated.task(id).events.length <= 200) await say();
    expect((await readEvents(simulated.access, id)).map((event) => event.id)).toEqual(
      simulated.task(id).events.map((event) => event.id),
    );
  });
});

test.each([
  ['https://api.pulumi.com', 'https://app.pulumi.com/acme/neo/tasks/a%2Fb'],
  ['https://api.pulumi.com/', 'https://app.pulumi.com/acme/neo/tasks/a%2Fb'],
  ['https://pulumi.acme.test:8443', 'https://pulumi.acme.test:8443/acme/neo/tasks/a%2Fb'],
])('a person sees it, by %s, at %s', (url, expected) => {
  expect(consoleUrl({ ...simulated.access, url }, 'a/b')).toBe(expected);
});
