import { existsSync } from 'node:fs';
import { mkdir, statfs } from 'node:fs/promises';
import { availableParallelism, freemem } from 'node:os';
import { execa } from 'execa';
import type { Component } from './process/component.js';
import { StackError } from './errors.js';
import { goProblem } from './build/goTools.js';
import { projectFolder } from './build/npmProject.js';
import { CACHE } from './paths.js';
import { assertFree } from './process/portsInUse.js';
import { builtServers, type ModuleName } from './build/servers.js';
import { processes } from './process/supervisor.js';
import type { Queue } from './queue/queue.js';
import { REDIS_REMEDY } from './queue/redis.js';

const GIBIBYTE = 2 ** 30;
const MEMORY_GIBIBYTES = 3;
/** What n8n's other processes, PostgreSQL and Redis need besides in queue mode. */
const QUEUE_GIBIBYTES = 2;
const DISK_GIBIBYTES = 15;

/** What is not yet in the cache, and so needs tools. */
async function missing(modules: ModuleName[]): Promise<{ servers: ModuleName[]; n8n: boolean }> {
  const folders = await Promise.all(modules.map(async (module) => ({ module, folder: await builtServers(module) })));
  return {
    servers: folders.filter(({ folder }) => !existsSync(folder)).map(({ module }) => module),
    n8n: !existsSync(await projectFolder('n8n')),
  };
}

async function compilerProblems(): Promise<string[]> {
  const problems = await Promise.all(
    ['g++', 'make', 'python3'].map(async (tool) => {
      const { failed } = await execa(tool, ['--version'], { reject: false });
      if (failed)
        return `${tool} is missing (n8n's SQLite is compiled once): apt-get install ${tool}, or your system's like.`;
    }),
  );
  return problems.filter((problem) => problem !== undefined);
}

/** @throws StackError naming every missing tool with its remedy */
export async function checkTools(modules: ModuleName[], queue: Queue | undefined): Promise<void> {
  const { servers, n8n } = await missing(modules);
  const problems = [
    ...(servers.length > 0 ? [await goProblem()] : []),
    ...(n8n ? await compilerProblems() : []),
    ...(queue?.hasRedis === false ? [REDIS_REMEDY] : []),
  ].filter((problem) => problem !== undefined);
  if (problems.length > 0) throw new StackError('Tools are missing.', problems.join('\n'));
}

/** Hints, not errors: a machine with less memory or disk is slow, but may still work. */
export async function tightness(modules: ModuleName[], queue: Queue | undefined): Promise<string[]> {
  await mkdir(CACHE, { recursive: true });
  const [{ bavail, bsize }, { servers, n8n }] = await Promise.all([statfs(CACHE), missing(modules)]);
  const disk = (bavail * bsize) / GIBIBYTE;
  const memory = freemem() / GIBIBYTE;
  const hints = [];
  if ((servers.length > 0 || n8n) && disk < DISK_GIBIBYTES) {
    hints.push(`${disk.toFixed(1)} GiB of disk are free under ${CACHE}; the first run wants ${DISK_GIBIBYTES}.`);
  }
  const wanted = MEMORY_GIBIBYTES + (queue === undefined ? 0 : QUEUE_GIBIBYTES);
  if (memory < wanted) hints.push(`${memory.toFixed(1)} GiB of memory are free; the stack wants ${wanted}.`);
  if (servers.length > 0) {
    hints.push(
      `Built from source, once: ${servers.join(', ')}. All of them take 15 to 25 minutes on 2 cores; ` +
        `this machine has ${availableParallelism()}.`,
    );
  }
  return hints;
}

/** The ports of components that do not run yet must be free. */
export async function checkPorts(components: Component[]): Promise<void> {
  const online = new Set((await processes()).filter(({ status }) => status === 'online').map(({ name }) => name));
  await assertFree(components.filter(({ name }) => !online.has(name)).flatMap(({ ports }) => ports));
}
