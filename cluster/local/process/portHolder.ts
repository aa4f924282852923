import { dirname } from 'node:path';
import { STATE } from '../paths.js';

const AGAIN = 'then run the same command again.';

export interface Holder {
  pid: number;
  command: string;
  /** Every process of a stack has its state folder as working directory, so this tells whose it is. */
  workingDirectory: string;
}

/** Who listens, from the output of `ss -ltnpH`: `… users:(("node",pid=4711,fd=18))`. */
export function pidIn(output: string): number | undefined {
  const pid = /\bpid=(\d+)/.exec(output)?.[1];
  return pid === undefined ? undefined : Number(pid);
}

/** What to do about a port that someone else holds. */
export function remedyFor(holder: Holder | undefined): string {
  if (holder === undefined) return `End the process that listens there (\`ss -ltnp\` as root names it), ${AGAIN}`;
  if (holder.workingDirectory === STATE)
    return `It runs in the state folder of this checkout's stack: \`kill ${holder.pid}\`, ${AGAIN}`;
  if (holder.workingDirectory.endsWith('/.local')) {
    return `It belongs to another checkout's stack. Stop that with: ${dirname(holder.workingDirectory)}/deploy.sh --local --down`;
  }
  return `End it with \`kill ${holder.pid}\`, ${AGAIN}`;
}
