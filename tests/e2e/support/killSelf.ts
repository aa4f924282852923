import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setImmediate as next } from 'node:timers/promises';

/** Where a process kills itself (SIGKILL): at the first request from this step of its work on. */
export interface KillAt {
  step: number;
  /** Before the request, while the server has it, or after its answer. */
  when: 'before' | 'during' | 'after';
}

/** What is to be killed is killed at its end at the latest: it may never have had the turn to send. */
export function endProcess(at: KillAt | null): void {
  if (at === null) process.exit();
  process.kill(process.pid, 'SIGKILL');
}

/** Runs a program of this folder with its task, and checks that it ended as the task says. @returns the lines that it printed */
export async function runChild(program: string, task: { kill: KillAt | null }): Promise<string[]> {
  const child = spawn(process.execPath, ['--import', 'tsx', join(__dirname, program)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const closed = once(child, 'close');
  child.stdin.end(JSON.stringify(task));
  const output = await text(child.stdout);
  await closed;
  const as = task.kill === null ? null : 'SIGKILL';
  if (child.signalCode !== as) throw new Error(`${program} ended by ${String(child.signalCode)}: ${output}`);
  return output.split('\n').slice(0, -1);
}

/** Sends a request, or is killed at it. */
export async function killedAt<T>(at: KillAt | null, step: number, send: () => Promise<T>): Promise<T> {
  if (at === null || step < at.step) return send();
  if (at.when !== 'before') {
    const answer = send();
    if (at.when === 'after') await answer;
    else await next();
  }
  process.kill(process.pid, 'SIGKILL');
  // The signal arrives before anything else happens.
  return new Promise(() => undefined);
}
