import { cp, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';

import { execa } from 'execa';

import { pidIn } from '../../cluster/local/process/portHolder.js';
import { HOST, PORTS } from '../../cluster/local/process/ports.js';
import { until } from '../../cluster/local/process/wait.js';

/** The worker that is left behind, and its health port. */
export const OLDER_WORKER = 'n8n-worker-2';
const PORT = PORTS.n8nWorkers + 2;
/** Longer than its executions take, and its start. */
const RESTART_SECONDS = 180;

const nodesOf = (state: string, process: string): string => join(state, process, '.n8n', 'nodes');
const keptIn = (state: string): string => join(state, 'older-nodes');

/** Keeps the nodes that are installed now in a stack's state folder. */
export async function keepNodes(state: string): Promise<void> {
  await rm(keptIn(state), { recursive: true, force: true });
  await cp(nodesOf(state, 'n8n'), keptIn(state), { recursive: true, verbatimSymlinks: true });
}

/** Has one worker of a running stack work with the nodes that were kept, as one whose pod was not replaced yet. */
export async function leaveBehind(state: string): Promise<void> {
  const folder = nodesOf(state, OLDER_WORKER);
  await rm(folder, { recursive: true, force: true });
  await symlink(keptIn(state), folder);
  const before = await listener();
  if (before === undefined) throw new Error(`${OLDER_WORKER} does not run`);
  // It finishes its executions, and the process manager starts it again.
  process.kill(before, 'SIGTERM');
  await until(`${OLDER_WORKER} with the nodes of before`, RESTART_SECONDS, async () => {
    const now = await listener();
    if (now === undefined || now === before) return undefined;
    return (await fetch(`http://${HOST}:${PORT}/healthz/readiness`)).ok || undefined;
  });
}

const listener = async (): Promise<number | undefined> =>
  pidIn((await execa('ss', ['-ltnpH', `sport = :${PORT}`])).stdout);
