import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { projectFolder } from './npmProject.js';
import { partFolder } from './obtain.js';
import type { Part } from './servers.js';

/** Processor seconds of a build from source after those before it: Kubernetes' measured, the others' estimated (docs/embedded-stack.md). */
const PROCESSOR_SECONDS: Readonly<Record<Part, number>> = {
  pushgateway: 30,
  kubernetes: 650,
  prometheus: 200,
  loki: 500,
};
/** Seconds that npm takes for n8n, most of them for the network and the disk: an estimate. */
const N8N_SECONDS = 150;

/** How long a part is expected to take if it is built from source; undefined where it is there already. */
export async function expectedBuild(part: Part, fromSource: boolean): Promise<number | undefined> {
  if ((await partFolder(part, fromSource)) !== undefined) return undefined;
  return PROCESSOR_SECONDS[part] / availableParallelism();
}

/** How long the installation of n8n is expected to take; undefined where it is there already. */
export async function expectedInstallation(): Promise<number | undefined> {
  return existsSync(await projectFolder('n8n')) ? undefined : N8N_SECONDS;
}
