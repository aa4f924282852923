import { spawnSync } from 'node:child_process';

import { majorIn, MINIMUM_MAJOR, REDIS_REMEDY } from '../../../cluster/local/queue/redis';

/** Whether queue mode can be tested here. Where it cannot, the run says what to install. */
export function hasRedis(): boolean {
  const found = ['redis-server', 'valkey-server'].some(
    // A program that is not there has no output.
    (program) => majorIn(String(spawnSync(program, ['--version']).stdout)) >= MINIMUM_MAJOR,
  );
  if (!found) console.warn(`n8n's queue mode is not tested: ${REDIS_REMEDY}`);
  return found;
}
