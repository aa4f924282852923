import { readdir, readFile, readlink } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { STATE } from '../paths.js';

/** As long as the process manager gives a component. */
const PATIENCE_MILLISECONDS = 10_000;
const POLL_MILLISECONDS = 100;

/** In the environment of every process that the process manager started, and of no other program in the state folder. */
export const MARK = 'STACK_DEFINITION';

/** The processes of a stack with this state folder, whatever their parent is now and in whichever network namespace they run. */
async function processesIn(state: string): Promise<number[]> {
  const pids = (await readdir('/proc')).map(Number).filter((pid) => Number.isInteger(pid) && pid !== process.pid);
  const ours = await Promise.all(pids.map(async (pid) => ((await isOurs(pid, state)) ? [pid] : [])));
  return ours.flat();
}

/** Of another user's process, and of one that has ended by now, nothing can be read: it is not ours. */
async function isOurs(pid: number, state: string): Promise<boolean> {
  try {
    if ((await readlink(`/proc/${pid}/cwd`)) !== state) return false;
    return (await readFile(`/proc/${pid}/environ`, 'utf8')).split('\0').some((each) => each.startsWith(`${MARK}=`));
  } catch {
    return false;
  }
}

/**
 * Ends what is left of a stack whose process manager was killed: it would keep its ports and its locks on the data.
 * Returns how many processes these were.
 */
export async function endLeftovers(state: string = STATE): Promise<number> {
  const found = await processesIn(state);
  let left = found;
  for (const name of ['SIGTERM', 'SIGKILL'] as const) {
    for (const pid of left) signal(pid, name);
    left = await lasting(left);
  }
  return found.length;
}

/** Those that are still there when the time is over. */
async function lasting(pids: readonly number[]): Promise<number[]> {
  const deadline = performance.now() + PATIENCE_MILLISECONDS;
  for (;;) {
    const left = (await Promise.all(pids.map(async (pid) => ((await hasEnded(pid)) ? [] : [pid])))).flat();
    if (left.length === 0 || performance.now() > deadline) return left;
    await pause(POLL_MILLISECONDS);
  }
}

/**
 * Whether a process has closed its ports and files. One that ends loses its environment before them; it may stay as a zombie
 * whose last thread is gone, where no parent asks for it.
 */
async function hasEnded(pid: number): Promise<boolean> {
  try {
    const [status, threads] = await Promise.all([
      readFile(`/proc/${pid}/status`, 'utf8'),
      readdir(`/proc/${pid}/task`),
    ]);
    return /^State:\s*[ZX]/m.test(status) && threads.length === 1;
  } catch {
    return true;
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It has ended meanwhile.
  }
}
