import { Turns } from '../../nodes/shared/turns';

/** Turns in a process that is as busy as a test says. */
function turnsAt(load: { used: number }, patienceMs = 60_000): Turns {
  return new Turns({ used: () => load.used, busy: 0.8, watchedMs: 1, patienceMs });
}

const later = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 20));

test('the first turn comes at once, however busy the process is', async () => {
  await turnsAt({ used: 1 }).take();
});

test('further turns wait until the process is calm, and come in their order', async () => {
  const load = { used: 1 };
  const turns = turnsAt(load);
  const taken: string[] = [];
  const all = ['a', 'b', 'c'].map(async (name) => {
    await turns.take();
    taken.push(name);
    if (name === 'b') load.used = 1;
  });
  await later();
  expect(taken).toEqual(['a']);
  load.used = 0;
  await all[1];
  expect(taken).toEqual(['a', 'b']);
  await later();
  expect(taken).toEqual(['a', 'b']);
  load.used = 0;
  await Promise.all(all);
  expect(taken).toEqual(['a', 'b', 'c']);
});

test('a turn is not put off for ever', async () => {
  const turns = turnsAt({ used: 1 }, 3);
  await Promise.all(Array.from({ length: 5 }, () => turns.take()));
});
