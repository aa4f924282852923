import type { ScriptSettings } from '../../cluster/local/simulators/neo/script';
import { watchClaim, watchTask } from '../../app/neo/watchTask';
import type { TaskRequest } from '../../core/remediation/taskRequest';
import { claimOf } from '../support/claims';
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
const watch = (id: string) => watchTask(simulated.port, id, NOW);
const fault = (plan: object): void => {
  simulated.fault({ method: 'GET', ...plan });
};

describe('how a task goes', () => {
  test.each<[string, ScriptSettings, string, RegExp | null]>([
    ['ends with an error', { name: 'errs' }, 'failed', /^Neo ended it with an error: The agent failed/],
    ['finds nothing to change', { name: 'findings' }, 'not_fixed', null],
    ['opens a pull request', { name: 'fixes' }, 'fixed', null],
    [
      'says that it fixed nothing',
      { name: 'fixes', fixed: 'See {{pull_request}}.\nResult: not fixed, it is open already' },
      'not_fixed',
      null,
    ],
    [
      'opens it in its repository, and links to another',
      { name: 'fixes', fixed: 'https://github.com/evil/infrastructure/pull/1' },
      'fixed',
      null,
    ],
  ])('that %s', async (_what, script, state, problem) => {
    const task = await watch(await ended(script));
    expect(task).toMatchObject({ state, status: 'idle', organization: 'acme' });
    if (problem === null) expect(task.problem).toBeNull();
    else expect(task.problem).toMatch(problem);
    expect(task.pullRequest).toBe(state === 'fixed' ? 'https://github.com/acme/infrastructure/pull/1' : null);
  });

  test('that works', async () => {
    const id = await simulated.start({ name: 'never-ends' });
    await simulated.until(id, ({ events }) => events.length === 5);
    expect(await watch(id)).toMatchObject({
      state: 'running',
      status: 'running',
      message: 'Looking at the program and at the stack.',
    });
  });

  test.each(['idle', 'running'] as const)(
    'that waits for an approval, be its status %s',
    async (statusWhileWaiting) => {
      const id = await simulated.start({ name: 'asks-approval', statusWhileWaiting });
      const { waitsFor } = await simulated.until(id, ({ events }) => events.length === 6);
      expect(await watch(id)).toMatchObject({
        state: 'awaiting_approval',
        status: statusWhileWaiting,
        approval: { id: waitsFor, type: 'tool_permission', sensitivity: 'regular' },
      });
    },
  );

  test('that a person lets go on while it is read', async () => {
    const id = await simulated.start({ name: 'never-ends' });
    await simulated.until(id, ({ events }) => events.length === 5);
    fault({ path: `/tasks/${id}`, status: 200, body: { id, status: 'idle', createdAt: NOW.toISOString() } });
    expect(await watch(id)).toMatchObject({ state: 'running', problem: null });
  });

  test('that ends while it is read', async () => {
    const id = await ended({ name: 'fixes' });
    fault({ path: `/tasks/${id}`, status: 200, body: { id, status: 'running', createdAt: NOW.toISOString() } });
    expect((await watch(id)).state).toBe('running');
    expect(
      simulated.neo.requests
        .all()
        .slice(-2)
        .map(({ path }) => path.split('/').at(-1)),
    ).toEqual([id, 'events']);
  });

  test('whose repository Neo does not see', async () => {
    simulated.neo.configure({ repositories: [] });
    const id = await ended({ name: 'findings' }, { stack: null });
    simulated.neo.configure({ repositories: [{ org: 'acme', name: 'infrastructure' }] });
    const claim = claimOf({}, { state: 'running', taskId: id });
    const { problem, note } = await watchClaim(simulated.port, claim, NOW);
    expect(problem).toMatch(
      /^Neo does not see the repository github\.com\/acme\/infrastructure and the stack playground\/production: /,
    );
    expect(note).toContain('Note: Neo does not see');
  });

  test('whose repository Neo writes in other capitals', async () => {
    simulated.neo.configure({ repositories: [{ org: 'acme', name: 'infrastructure' }] });
    const claim = claimOf(
      { repository: 'github.com/Acme/Infrastructure' },
      { state: 'running', taskId: await ended({ name: 'fixes' }) },
    );
    expect(await watchClaim(simulated.port, claim, NOW)).toMatchObject({ state: 'fixed', problem: null });
  });
});
