import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import { connect } from '../../cluster/local/kubernetes/client.js';
import { ensureToken } from '../../cluster/local/kubernetes/token.js';
import type { Stack } from '../../cluster/local/stack.js';

export interface Floor {
  /** Where alerts are posted to it. */
  url: string;
  pid: number;
  stop: () => Promise<void>;
}

/** Starts the program that only makes the pipeline's calls, as a process of its own. */
export async function startFloor({ urls, caCertificate }: Stack): Promise<Floor> {
  const { value } = await ensureToken(connect());
  const child = spawn(process.execPath, ['--import', 'tsx', join(import.meta.dirname, 'floorProgram.ts')], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: {
      ...process.env,
      FLOOR_SERVER: urls.kubernetes,
      FLOOR_CERTIFICATE: caCertificate,
      FLOOR_TOKEN: value,
    },
  });
  const ended = once(child, 'exit');
  const [url] = (await Promise.race([
    once(createInterface({ input: child.stdout }), 'line'),
    ended.then(() => Promise.reject(new Error('the program that only makes the calls ended by itself'))),
  ])) as [string];
  return {
    url,
    pid: child.pid ?? NaN,
    stop: async () => {
      child.stdin.end();
      await ended;
    },
  };
}
