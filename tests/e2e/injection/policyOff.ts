import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { Stack } from '../../../cluster/local/stack';
import { stop } from '../../../cluster/local/process/supervisor';

const GUARDRAILS = 'n8n-nodes-incident-pipeline/dist/core/policy/guardrails/index.js';

/** Runs something against an n8n whose installed nodes ask no guardrail, and puts them back whatever happens. */
export async function withPolicyOff<T>(stack: Stack, start: () => Promise<unknown>, run: () => Promise<T>): Promise<T> {
  const folder = join(stack.n8nUserFolder, '.n8n', 'nodes');
  const file = join(folder, 'node_modules', GUARDRAILS);
  const marker = join(folder, 'installed-from');
  const [code, tarball] = [await readFile(file, 'utf8'), await readFile(marker, 'utf8')];
  const restartWith = async (text: string) => {
    await stop('n8n');
    await writeFile(file, text);
    await writeFile(marker, tarball);
    await start();
  };
  try {
    await restartWith(
      '"use strict";\nObject.defineProperty(exports, "__esModule", { value: true });\nexports.GUARDRAILS = [];\n',
    );
    // If this process is killed now, the stack's next start installs the nodes again, policy included.
    await rm(marker);
    return await run();
  } finally {
    await restartWith(code);
  }
}
