import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, open, readFile, rm } from 'node:fs/promises';
import { n8nProgram } from '../components.js';
import { StackError } from '../errors.js';
import { N8N_TEMPORARY } from '../paths.js';
import type { Component } from '../process/component.js';

/**
 * Runs a command of n8n's to its end, and returns what it printed. It prints into a file: into a pipe whose reader was killed, n8n
 * (2.41.1) tries to write for ever, with a whole processor and more and more memory.
 * @throws StackError with its last lines if it fails
 */
export async function n8nCommand(
  { command, env }: Pick<Component, 'command' | 'env'>,
  project: string,
  arguments_: readonly string[],
): Promise<string> {
  await mkdir(N8N_TEMPORARY, { recursive: true, mode: 0o700 });
  const path = `${N8N_TEMPORARY}/${randomUUID()}`;
  const output = await open(path, 'wx', 0o600);
  try {
    const child = spawn(command, [n8nProgram(project), ...arguments_], {
      env,
      stdio: ['ignore', output.fd, output.fd],
    });
    const [code] = (await once(child, 'close')) as [number | null];
    const printed = await readFile(path, 'utf8');
    if (code !== 0) throw commandFailure(`\`n8n ${arguments_.join(' ')}\` failed`, printed);
    return printed;
  } finally {
    await output.close();
    await rm(path, { force: true });
  }
}

/** What n8n's commands say of their end, for people. */
export function commandFailure(what: string, output: string): StackError {
  return new StackError(
    `${what}:\n${output.trimEnd().split('\n').slice(-15).join('\n')}`,
    "Run the same command again. If n8n's database is damaged: ./deploy.sh --local --down --purge; the next start creates a new one.",
  );
}
