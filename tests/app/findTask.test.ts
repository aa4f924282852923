import { createTask } from '../../adapters/neo/create';
import { findTask, lookForTask } from '../../app/neo/findTask';
import { LOOKS_MS, NOW, requestFor, type Simulated, simulateNeo } from '../support/neo';

let simulated: Simulated;
beforeAll(async () => {
  simulated = await simulateNeo();
});
afterAll(() => simulated.neo.close());
beforeEach(() => simulated.reset());

describe('a task whose id was lost', () => {
  const lookFor = (incident: string, looksMs = LOOKS_MS) =>
    lookForTask({ neo: simulated.port, looksMs }, incident, new Date());
  const asked = async (incident: string) => {
    const before = new Set(simulated.neo.state().map(({ id }) => id));
    await createTask(simulated.access, requestFor(incident), NOW);
    return simulated.neo.state().find(({ id }) => !before.has(id))?.id ?? '';
  };

  test("is found by its incident's reference among others", async () => {
    simulated.neo.follow({ name: 'loses-answer' });
    const ids = [await asked('lost-1'), await asked('lost-10'), await asked('lost-2')];
    expect(await findTask(simulated.port, 'lost-1', new Date())).toEqual({ id: ids[0] });
    expect(await findTask(simulated.port, 'lost-10', new Date())).toEqual({ id: ids[1] });
  });

  test('is not taken for that of another time, another incident, or a mere mention', async () => {
    await createTask(simulated.access, requestFor('x', { content: 'Not the line: Incident reference: lost-3' }), NOW);
    await asked('lost-3-and-more');
    expect(await findTask(simulated.port, 'lost-3', new Date())).toBeNull();
    await asked('lost-4');
    expect(await findTask(simulated.port, 'lost-4', new Date(Date.now() + 3_600_000))).toBeNull();
    expect(await findTask(simulated.port, 'lost-4', new Date(Date.now() - 3_600_000))).toBeNull();
  });

  test('is found though another task of that time cannot be read', async () => {
    const lost = await asked('lost-5');
    simulated.neo.follow({ name: 'renamed', renames: { eventBody: 'body' } });
    const strange = await asked('lost-6');
    expect(await findTask(simulated.port, 'lost-5', new Date())).toEqual({ id: lost });
    await expect(findTask(simulated.port, 'lost-6', new Date())).rejects.toThrow(`the events of Neo task ${strange}`);
  });

  test('is looked for until it is listed', async () => {
    const lost = await asked('lost-7');
    simulated.fault({ method: 'GET', status: 200, body: { tasks: [] } });
    simulated.fault({ method: 'GET', status: 503 });
    expect(await lookFor('lost-7', [0, 0, 0])).toEqual({
      found: { id: lost },
      problem: null,
    });
  });

  test('is not found, or cannot be looked for', async () => {
    expect(await lookFor('never')).toEqual({ found: null, problem: null });
    simulated.fault({ method: 'GET', status: 503, times: 5 });
    expect(await lookFor('never')).toEqual({
      found: null,
      problem: expect.stringContaining('answered 503') as string,
    });
  });
});
