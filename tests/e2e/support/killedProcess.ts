import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

import type { Injection } from './faultPlan';
import type { FaultProxy } from './faultProxy';
import type { ChildTask } from './operationChild';

/** Runs an operation in a process that is killed (SIGKILL) at a call. Returns what went wrong if that call never came. */
export async function runUntilKilled(
  proxy: FaultProxy,
  at: Pick<Injection, 'call' | 'when'>,
  task: ChildTask,
): Promise<string[]> {
  const child = spawn(process.execPath, ['--import', 'tsx', join(__dirname, 'operationChild.ts')]);
  // The call stays without an answer, so that nothing can follow it before the signal arrives.
  proxy.begin([{ ...at, fault: 'timeout', onHit: () => child.kill('SIGKILL') }]);
  child.stdin.end(JSON.stringify(task));
  const [output, errors] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return child.signalCode === 'SIGKILL' ? [] : [`the process ended by itself: ${output}${errors}`];
}
