import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { n8nCommand } from '../../cluster/local/n8n/command';
import { until } from '../../cluster/local/process/wait';
import { ROOT } from '../support/manifests';

let project: string;
const node = { command: process.execPath, env: {} };

/** In place of n8n. */
function program(text: string): void {
  const folder = join(project, 'node_modules', 'n8n', 'bin');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'n8n'), text);
}

beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), 'n8n-'));
});
afterEach(() => {
  rmSync(project, { recursive: true });
});

test('what a command prints is returned, errors too, and it has no more of the environment than it is given', async () => {
  program(
    'console.log(process.argv.slice(2).join(" ")); console.error(Object.keys(process.env).join(" ") || "nothing")',
  );
  expect(await n8nCommand({ ...node, env: { LC_ALL: 'C' } }, project, ['list', '--all'])).toBe('list --all\nLC_ALL\n');
});

test('a command that fails says what it was, and its last lines', async () => {
  program('for (let line = 0; line < 50; line += 1) console.error(`line ${line}`); process.exitCode = 1');
  const failed = n8nCommand(node, project, ['import:workflow']);
  await expect(failed).rejects.toThrow(/`n8n import:workflow` failed:\nline 35\n[^]*line 49$/);
});

test('a command whose deploy.sh is killed can print on, and ends by itself', async () => {
  const [started, ended] = [join(project, 'started'), join(project, 'ended')];
  program(`
    const { writeFileSync } = require('node:fs');
    process.stdout.on('error', () => process.exit(1));
    writeFileSync(${JSON.stringify(started)}, '');
    let left = 20;
    const timer = setInterval(() => {
      console.log('a line');
      if ((left -= 1) > 0) return;
      clearInterval(timer);
      writeFileSync(${JSON.stringify(ended)}, 'ended');
    }, 50);
  `);
  const run = `import('./cluster/local/n8n/command.ts').then(({ n8nCommand }) => n8nCommand(${JSON.stringify(node)}, ${JSON.stringify(project)}, []))`;
  const parent = spawn(process.execPath, ['--import', 'tsx', '--eval', run], { cwd: ROOT, stdio: 'ignore' });
  const exited = once(parent, 'exit');
  await until('the command runs', 20, () => Promise.resolve(readFileSync(started, 'utf8')));
  parent.kill('SIGKILL');
  await exited;
  expect(await until('the command ends', 20, () => Promise.resolve(readFileSync(ended, 'utf8') || undefined))).toBe(
    'ended',
  );
});
