/** A few alerts of every benchmark, so that none breaks unseen. Its figures say nothing. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

import { redisOnPath } from '../cluster/local/queue/redis.js';
import { parse, readCommandLine } from '../cluster/shared/commandLine.js';

const SMOKE = { command: 'npm run bench:smoke', about: 'Sends a few alerts in every benchmark.', options: {} } as const;
readCommandLine((args) => parse(SMOKE, args));

const hasRedis = (await redisOnPath()) !== undefined;

const RUNS: readonly (readonly [file: string, ...options: string[]])[] = [
  ['hostile.ts', '--kib', '64', '--stack', '--rounds', '1'],
  ['containment.ts', '--alerts', '2', '--warm-up', '1'],
  // After one that ends with n8n's default settings, with which this begins: n8n is restarted once less.
  [
    'storm.ts',
    '--repeats',
    '200',
    '--subjects',
    '60',
    '--rounds',
    '2',
    '--beside-repeats',
    '1',
    '--alerts',
    '2',
    '--requests',
    '20',
    '--rest-seconds',
    '2',
  ],
  ['webhook.ts', '--webhooks', '2', '--rest-seconds', '2', '--model-seconds', '0'],
  // After one with a model, with which this begins; it ends without.
  ['peers.ts', '--smoke'],
  ['peers.ts', '--smoke', '--profile'],
  // Last, since they stop the stack.
  ['chaos.ts', '--smoke', hasRedis ? '--scaled' : '--single'],
  ...(hasRedis ? [['scale.ts', '--smoke'] as const] : []),
];

/** What a benchmark ends with that ran and has a finding. */
const FINDING = 1;

const start = performance.now();
for (const [file, ...options] of RUNS) {
  const began = performance.now();
  const { status } = spawnSync('tsx', [join(import.meta.dirname, file), ...options], { stdio: 'inherit' });
  if (status !== 0 && !(file === 'chaos.ts' && status === FINDING)) {
    console.error(`bench/${file} ended with ${String(status)}.`);
    process.exit(1);
  }
  console.log(`\nbench/${file}: ${((performance.now() - began) / 1000).toFixed(0)} s`);
}
console.log(`\nAll benchmarks ran, in ${((performance.now() - start) / 1000).toFixed(0)} s.`);
