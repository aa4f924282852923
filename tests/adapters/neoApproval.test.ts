import { cancelTask, confirm } from '../../adapters/neo/tasks';
import { watchTask } from '../../app/neo/watchTask';
import { NOW, type Simulated, simulateNeo } from '../support/neo';

let simulated: Simulated;
beforeAll(async () => {
  simulated = await simulateNeo();
});
afterAll(() => simulated.neo.close());
beforeEach(() => simulated.reset());

const waiting = async (): Promise<{ id: string; requestId: string }> => {
  const id = await simulated.start({ name: 'asks-approval' });
  const { waitsFor } = await simulated.until(id, (task) =>
    task.events.some(({ eventBody }) => eventBody.type === 'user_approval_request'),
  );
  return { id, requestId: waitsFor ?? '' };
};
const watch = (id: string) => watchTask(simulated.port, id, NOW);

describe('an approval', () => {
  const answer = (id: string, requestId: string, ok: boolean, instructions = '') =>
    confirm(simulated.access, id, { requestId, ok, instructions }, NOW);
  const sent = () =>
    simulated.neo.requests
      .all()
      .filter(({ method, path }) => method === 'POST' && !path.endsWith('/tasks'))
      .at(-1)?.body;

  test('of another request is refused', async () => {
    const { id } = await waiting();
    await expect(answer(id, 'other', true)).rejects.toMatchObject({
      code: 'rejected',
      message: expect.stringContaining(`answer approval other of Neo task ${id}`) as string,
    });
    expect((await watch(id)).state).toBe('awaiting_approval');
  });

  test('that nothing waits for is a conflict', async () => {
    const id = await simulated.start({ name: 'never-ends' });
    await expect(answer(id, 'a-1', true)).rejects.toMatchObject({ code: 'conflict' });
  });

  test('lets Neo go on', async () => {
    const { id, requestId } = await waiting();
    await answer(id, requestId, true, 'not sent with a yes');
    expect(sent()).toEqual({
      event: { type: 'user_confirmation', approval_request_id: requestId, ok: true, timestamp: NOW.toISOString() },
    });
    await simulated.until(id, ({ status }) => status === 'idle');
    expect((await watch(id)).state).toBe('fixed');
  });

  test('that is declined tells Neo what to do instead', async () => {
    const { id, requestId } = await waiting();
    await answer(id, requestId, false, 'Report it only.');
    expect(sent()).toMatchObject({ event: { ok: false, instructions: 'Report it only.' } });
    await simulated.until(id, ({ status }) => status === 'idle');
    expect(await watch(id)).toMatchObject({ state: 'not_fixed', approval: null });
  });
});

describe('cancelling', () => {
  test('a task that is not there is an error', async () => {
    await expect(cancelTask(simulated.access, 'missing')).rejects.toMatchObject({ code: 'not_found' });
  });

  test('ends one that works, by force', async () => {
    const id = await simulated.start({ name: 'never-ends' });
    await cancelTask(simulated.access, id);
    expect(simulated.neo.requests.all().at(-1)).toMatchObject({
      path: expect.stringMatching(/\/cancel$/) as string,
      body: { force: true },
      status: '204',
    });
    await simulated.until(id, ({ status }) => status === 'idle');
  });
});
