import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { endLeftovers, MARK } from '../../cluster/local/process/leftovers';

const state = realpathSync(mkdtempSync(join(tmpdir(), 'state-')));
const started: ChildProcess[] = [];
afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL');
});
afterAll(() => {
  rmSync(state, { recursive: true });
});

/** A process that runs until it is ended, once it runs. */
async function running(cwd: string, env: NodeJS.ProcessEnv, onTerminate = ''): Promise<ChildProcess> {
  const program = `${onTerminate} setInterval(() => {}, 1000); console.log('runs')`;
  const child = spawn(process.execPath, ['-e', program], { cwd, env, stdio: ['ignore', 'pipe', 'inherit'] });
  started.push(child);
  await once(child.stdout, 'data');
  return child;
}
const isRunning = ({ exitCode, signalCode }: ChildProcess): boolean => exitCode === null && signalCode === null;

test('endLeftovers: ends the processes of the stack, and no other program in its folder or of another stack', async () => {
  const others = [
    await running(state, {}),
    await running(tmpdir(), { [MARK]: 'a' }),
    await running(state, { [`NO_${MARK}`]: 'a' }),
  ];
  const ours = [await running(state, { [MARK]: 'a' }), await running(state, { A: 'b', [MARK]: 'b' })];
  const ended = Promise.all(ours.map((child) => once(child, 'exit')));
  expect(await endLeftovers(state)).toBe(2);
  await ended;
  expect(others.map(isRunning)).toEqual([true, true, true]);
  expect(await endLeftovers(state)).toBe(0);
});

test('endLeftovers: also one that does not end when it is asked to', async () => {
  const stubborn = await running(state, { [MARK]: 'a' }, "process.on('SIGTERM', () => {});");
  const ended = once(stubborn, 'exit');
  expect(await endLeftovers(state)).toBe(1);
  expect(await ended).toEqual([null, 'SIGKILL']);
}, 30_000);
