import { run } from '../support/run';

test('Ctrl-C on a terminal says how to go on, over the list of steps, and ends with 130', async () => {
  const { code, output } = await run('python3', [
    'tests/local/ctrlC.py',
    'A long step',
    'node_modules/.bin/tsx',
    'tests/local/longStep.ts',
  ]);
  expect(output).toContain('Stopped. What was finished stays');
  expect(output).toContain('The same command continues from here');
  expect(code).toBe(130);
}, 120_000);
