import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';

/** Puts a program into a folder that is looked through first. */
export function fake(folder: string, name: string, script: string): void {
  write(join(folder, 'bin', name), `#!/bin/sh\n${script}\n`);
  chmodSync(join(folder, 'bin', name), 0o755);
}

export function write(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

interface Outcome {
  status: number | null;
  stdout: string;
  stderr: string;
}

/** Runs a command with the fakes of a folder before everything else, and with no more of the environment than a path. */
export function run(folder: string, command: string[], env: Record<string, string>): Outcome {
  const [program = '', ...rest] = command;
  const path = [join(folder, 'bin'), process.env.PATH].join(delimiter);
  return spawnSync(program, rest, { cwd: folder, env: { PATH: path, HOME: folder, ...env }, encoding: 'utf8' });
}
