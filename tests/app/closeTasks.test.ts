import { closeTasks } from '../../app/neo/closeTasks';
import type { ScriptSettings } from '../../cluster/local/simulators/neo/script';
import { itemOf } from '../support/claims';
import { claimedTasks, type ClaimedTasks } from '../support/claimedTasks';

let tasks: ClaimedTasks;
beforeAll(async () => {
  tasks = await claimedTasks();
}, 60_000);
afterAll(() => tasks.close());
beforeEach(() => tasks.reset());

describe('the end of an incident', () => {
  const close = (fingerprint = 'f1f2f3f4') =>
    closeTasks(tasks.ports(), { source: 'pagerduty', fingerprint, time: new Date().toISOString() });

  test('of another one ends nothing', async () => {
    await tasks.opened({ name: 'never-ends' });
    expect(await close('other')).toEqual([]);
    expect(await tasks.store.unsettled()).toHaveLength(1);
  });

  test('that another source reported ends nothing, though rule and pod are the same', async () => {
    const { spec } = await tasks.opened({ name: 'never-ends' }, { item: itemOf('falco') });
    expect(await close()).toEqual([]);
    expect((await tasks.find(spec)).status).not.toHaveProperty('overAt');
  });

  test.each<[ScriptSettings]>([[{ name: 'never-ends' }], [{ name: 'asks-approval' }]])(
    'cancels what Neo still does: %j',
    async (script) => {
      const { spec, id } = await tasks.opened(script);
      expect(await close()).toMatchObject([{ state: 'closed', id }]);
      await tasks.simulated.until(id, ({ status, waitsFor }) => status === 'idle' && waitsFor === null);
      expect((await tasks.find(spec)).status).toMatchObject({
        state: 'closed',
        settledAt: expect.any(String) as string,
      });
      expect(await tasks.store.unsettled()).toEqual([]);
      expect(await close()).toEqual([]);
    },
  );

  test('leaves alone what is fixed, and settles what never had a task', async () => {
    await tasks.opened({ name: 'fixes' });
    tasks.simulated.fault({ method: 'POST', status: 403 });
    await tasks.open(tasks.spec());
    expect((await close()).map(({ state }) => state)).toEqual(['fixed', 'closed']);
    expect(tasks.simulated.neo.requests.all().filter(({ path }) => path.endsWith('/cancel'))).toEqual([]);
    expect(await tasks.store.unsettled()).toEqual([]);
  });

  test('stays open while the task cannot be ended', async () => {
    const { spec } = await tasks.opened({ name: 'never-ends' });
    tasks.simulated.fault({ method: 'POST', path: '/cancel', status: 503 });
    await expect(close()).rejects.toMatchObject({ code: 'unreachable' });
    expect((await tasks.find(spec)).status).not.toHaveProperty('settledAt');
    expect(await close()).toHaveLength(1);
  });
});
