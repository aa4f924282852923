import { readdir, readFile } from 'node:fs/promises';

/** Linux counts processor time for /proc in hundredths of a second on every architecture (USER_HZ). */
const TICKS_PER_SECOND = 100;
/** Of what follows the name of a program in /proc/PID/stat (proc_pid_stat(5)). */
const PARENT = 1;
const TIMES = [11, 12, 13, 14] as const;

interface Stat {
  parent: number;
  /** The process's own time, and that of its children that ended. */
  seconds: number;
}

/** What a line of /proc/PID/stat says. A program's name may have spaces and brackets. */
export function readStat(line: string): Stat {
  const fields = line.slice(line.lastIndexOf(')') + 2).split(' ');
  const ticks = TIMES.reduce((sum, index) => sum + Number(fields[index]), 0);
  return { parent: Number(fields[PARENT]), seconds: ticks / TICKS_PER_SECOND };
}

/** The seconds that processes have used, each with its descendants: PostgreSQL has a process for each connection. */
export async function processorSeconds(pids: readonly number[]): Promise<Map<number, number>> {
  const stats = await allStats();
  const used = new Map(pids.map((pid) => [pid, 0]));
  for (const [pid, { seconds }] of stats) {
    const root = ancestorAmong(used, pid, stats);
    if (root !== undefined) used.set(root, (used.get(root) ?? 0) + seconds);
  }
  return used;
}

/** Seconds that all processors were busy, with whatever work, since the machine started. */
export async function machineSeconds(): Promise<number> {
  const [line = ''] = (await readFile('/proc/stat', 'utf8')).split('\n');
  const [, user, nice, system, , , irq, softirq] = line.split(/\s+/).map(Number);
  return [user, nice, system, irq, softirq].reduce<number>((sum, ticks) => sum + (ticks ?? 0), 0) / TICKS_PER_SECOND;
}

function ancestorAmong(
  roots: ReadonlyMap<number, unknown>,
  pid: number,
  stats: ReadonlyMap<number, Stat>,
): number | undefined {
  for (let current: number | undefined = pid; current !== undefined && current > 0; ) {
    if (roots.has(current)) return current;
    current = stats.get(current)?.parent;
  }
  return undefined;
}

async function allStats(): Promise<Map<number, Stat>> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const stats = await Promise.all(
    // A process may end while its line is read.
    pids.map(async (pid) => [pid, await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null)] as const),
  );
  return new Map(stats.flatMap(([pid, line]) => (line === null ? [] : [[pid, readStat(line)] as const])));
}
