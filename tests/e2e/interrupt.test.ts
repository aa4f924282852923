import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod/v4';

import { statePath } from '../../cluster/local/paths';
import { ROOT } from '../support/manifests';
import { run } from '../support/run';
import { FIRST_START_MS, startStack } from './support/stack';

const DEPLOY = join(ROOT, 'deploy.sh');
const KNOWN = 'known-secret-of-this-test-0815';

/** Runs deploy.sh --local as a terminal does, presses Ctrl-C at the first line that fits, and waits for its end. */
async function interrupted(at: RegExp): Promise<{ code: number | null; output: string }> {
  // A process group of its own: Ctrl-C goes to every process in it.
  const child = spawn(DEPLOY, ['--local'], { cwd: ROOT, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  let isPressed = false;
  const collect = (chunk: Buffer): void => {
    output += chunk.toString();
    if (isPressed || !at.test(output)) return;
    isPressed = true;
    process.kill(-(child.pid ?? 0), 'SIGINT');
  };
  child.stdout.on('data', collect);
  child.stderr.on('data', collect);
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, output };
}

test(
  'Ctrl-C says how to go on and leaves no file with plain secrets, and the same command continues',
  async () => {
    await startStack();
    expect((await run(DEPLOY, ['--local', '--down'])).code).toBe(0);
    const { code, output } = await interrupted(/✔ Start Kubernetes/);
    expect(output).toContain('Stopped. What was finished stays');
    expect(output).toContain('The same command continues from here');
    expect(code).toBe(130);
    expect(globSync(['*.import.json', 'pm2/n8n.json'], { cwd: statePath() })).toEqual([]);

    await startStack({ OPENAI_API_KEY: KNOWN, OPENAI_MODEL: 'none', OPENAI_BASE_URL: 'http://127.0.0.1:9/v1' });
    const status = await run(DEPLOY, ['--local', '--status']);
    expect(status.code).toBe(0);
    const lines = status.output.trimEnd().split('\n');
    expect(lines.length).toBeLessThan(24);
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
  },
  FIRST_START_MS,
);

test('no log holds a secret of the stack or of the environment', () => {
  const read = (file: string) =>
    z.record(z.string(), z.string()).parse(JSON.parse(readFileSync(statePath(file), 'utf8')));
  // The token's file has its account's uid as well, which is no secret.
  const secrets = [...Object.values(read('secrets.json')), read('token.json').value ?? '', KNOWN];
  expect(secrets.filter((secret) => secret.length < 16)).toEqual([]);
  const logs = globSync('logs/*.log', { cwd: statePath() });
  expect(existsSync(statePath('logs', 'deploy.log'))).toBe(true);
  const holding = logs.filter((log) => {
    const text = readFileSync(statePath(log), 'utf8');
    return secrets.some((secret) => text.includes(secret));
  });
  expect(holding).toEqual([]);
  expect(readFileSync(statePath('logs', 'deploy.log'), 'utf8')).toMatch(/started: up\n[^]*stopped by SIGINT/);
});
