import { execFileSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';

import { VersionApi } from '@kubernetes/client-node';
import { z } from 'zod/v4';

import { configOf } from '../cluster/local/kubernetes/client.js';
import { LOCAL } from '../cluster/local/paths.js';

/** What a benchmark ran on. */
export const machine = (): string =>
  `${cpus().length} processors (${cpus()[0]?.model.trim() ?? 'unknown'}), ${Math.round(totalmem() / 2 ** 30)} GiB`;

/** The commit that was measured. */
export const commit = (): string =>
  execFileSync('git', ['describe', '--always', '--dirty'], { encoding: 'utf8' }).trim();

const n8nProject = z.object({ dependencies: z.object({ n8n: z.string() }) });

/** Of the parts of the running stack. n8n runs under this process's Node. */
export async function versions(): Promise<string> {
  const { dependencies } = n8nProject.parse(JSON.parse(await readFile(join(LOCAL, 'npm/n8n/package.json'), 'utf8')));
  const { gitVersion } = await configOf().makeApiClient(VersionApi).getCode();
  return `Node ${process.version}, n8n ${dependencies.n8n}, Kubernetes ${gitVersion}`;
}
