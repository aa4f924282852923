import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { projectFolder } from './npmProject.js';
import { partFolder } from './obtain.js';
import type { Part } from './servers.js';

/** Processor seconds of a build from source after those before it: as measured on two of them (docs/embedded-stack.md). */
const PROCESSOR_SECONDS: Readonly<Record<Part, number>> = {
  pushgateway: 110,
  kubernetes: 770,
  prometheus: 250,
  loki: 400,
};
/** Seconds that npm takes for n8n while the servers are built beside it, measured on two processors. */
const N8N_SECONDS = 380;

/** How long a part is expected to take if it is built from source; undefined where it is there already. */
export async function expectedBuild(part: Part, fromSource: boolean): Promise<number | undefined> {
  if ((await partFolder(part, fromSource)) !== undefined) return undefined;
  return PROCESSOR_SECONDS[part] / availableParallelism();
}

/** How long the installation of n8n is expected to take; undefined where it is there already. */
export async function expectedInstallation(): Promise<number | undefined> {
  return existsSync(await projectFolder('n8n')) ? undefined : N8N_SECONDS;
}
