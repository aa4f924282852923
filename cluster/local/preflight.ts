import { existsSync } from 'node:fs';
import { mkdir, statfs } from 'node:fs/promises';
import { freemem } from 'node:os';
import { execa } from 'execa';
import type { Component } from './process/component.js';
import { Refusal } from './errors.js';
import { goProblem } from './build/goTools.js';
import { projectFolder } from './build/npmProject.js';
import { CACHE } from './paths.js';
import { assertFree } from './process/portsInUse.js';
import { partFolder } from './build/obtain.js';
import type { Part } from './build/servers.js';
import { processes } from './process/supervisor.js';
import { componentsOf, type Plan } from './plan.js';
import { recover } from './process/recover.js';
import { REDIS_REMEDY } from './queue/redis.js';

const GIBIBYTE = 2 ** 30;
const MEMORY_GIBIBYTES = 3;
/** What n8n's other processes, PostgreSQL and Redis need besides in queue mode. */
const QUEUE_GIBIBYTES = 2;
const DISK_GIBIBYTES = 15;

type Needs = Pick<Plan, 'parts' | 'fromSource' | 'queue'>;

/** What is not yet in the cache, and so needs tools. */
export async function missing({ parts, fromSource }: Needs): Promise<{ servers: Part[]; n8n: boolean }> {
  const folders = await Promise.all(parts.map(async (part) => ({ part, folder: await partFolder(part, fromSource) })));
  return {
    servers: folders.filter(({ folder }) => folder === undefined).map(({ part }) => part),
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

/**
 * Checks the machine before anything is installed, and ends what a killed stack left behind.
 * @returns hints for the person who waits
 * @throws Refusal naming everything that is missing or in the way, with its remedy
 */
export async function check(plan: Plan): Promise<string[]> {
  const hints: string[] = [];
  await checkTools(plan);
  await recover((line) => hints.push(line));
  await checkPorts(componentsOf(plan));
  return [...hints, ...(await tightness(plan))];
}

/** @throws Refusal naming every missing tool with its remedy */
async function checkTools(needs: Needs): Promise<void> {
  const { servers, n8n } = await missing(needs);
  const problems = [
    ...(servers.length > 0 && needs.fromSource ? [await goProblem()] : []),
    ...(n8n ? await compilerProblems() : []),
    ...(needs.queue?.hasRedis === false ? [REDIS_REMEDY] : []),
  ].filter((problem) => problem !== undefined);
  if (problems.length > 0) throw new Refusal('Tools are missing.', problems.join('\n'));
}

/** Hints, not errors: a machine with less memory or disk is slow, but may still work. */
async function tightness(needs: Needs): Promise<string[]> {
  await mkdir(CACHE, { recursive: true });
  const [{ bavail, bsize }, { servers, n8n }] = await Promise.all([statfs(CACHE), missing(needs)]);
  const disk = (bavail * bsize) / GIBIBYTE;
  const memory = freemem() / GIBIBYTE;
  const hints = [];
  if ((servers.length > 0 || n8n) && disk < DISK_GIBIBYTES) {
    hints.push(`${disk.toFixed(1)} GiB of disk are free under ${CACHE}; the first run wants ${DISK_GIBIBYTES}.`);
  }
  const wanted = MEMORY_GIBIBYTES + (needs.queue === undefined ? 0 : QUEUE_GIBIBYTES);
  if (memory < wanted) hints.push(`${memory.toFixed(1)} GiB of memory are free; the stack wants ${wanted}.`);
  const noGo = servers.length > 0 ? await goProblem() : undefined;
  if (noGo !== undefined) hints.push(`${noGo} It is needed if the servers cannot be downloaded.`);
  return hints;
}

/** The ports of components that do not run yet must be free. */
async function checkPorts(components: Component[]): Promise<void> {
  const online = new Set((await processes()).filter(({ status }) => status === 'online').map(({ name }) => name));
  await assertFree(components.filter(({ name }) => !online.has(name)).flatMap(({ ports }) => ports));
}
