import { z } from 'zod/v4';

import { Inspector } from './inspector.js';

const evaluated = z.object({ result: z.object({ value: z.number() }) });

/**
 * Collects a Node process's garbage and returns the bytes that its heap then still uses, buffers included. Resident memory
 * does not show it: V8 collects late and keeps pages for later.
 */
export async function heapInUse(pid: number): Promise<number> {
  const inspector = await Inspector.open(pid);
  try {
    // What waits to be finalized is free after the second.
    for (let round = 0; round < 2; round += 1) await inspector.call('HeapProfiler.collectGarbage');
    const expression = '((used) => used.heapUsed + used.external)(process.memoryUsage())';
    return evaluated.parse(await inspector.call('Runtime.evaluate', { expression })).result.value;
  } finally {
    inspector.close();
  }
}
