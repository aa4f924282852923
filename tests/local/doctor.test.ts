import { execFileSync } from 'node:child_process';
import { readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';

import { PARTS } from '../../cluster/local/build/servers';
import { outsideOf } from '../../cluster/local/postgresql/component';
import { ROOT } from '../support/manifests';

const doctor = readFileSync(join(ROOT, 'cluster/local/doctor.sh'), 'utf8');

test('the doctor asks for the Go that the build asks for', () => {
  const [, minimum] =
    /GO_MINIMUM = '([\d.]+)'/.exec(readFileSync(join(ROOT, 'cluster/local/build/goTools.ts'), 'utf8')) ?? [];
  expect(minimum).toBeDefined();
  expect(doctor).toContain(`GO_MIN=${minimum ?? ''} `);
});

test('the doctor asks for the Redis that the queue asks for', () => {
  const redis = readFileSync(join(ROOT, 'cluster/local/queue/redis.ts'), 'utf8');
  const [, minimum] = /MINIMUM_MAJOR = (\d+)/.exec(redis) ?? [];
  expect(minimum).toBeDefined();
  expect(doctor).toContain(`REDIS_MIN=${minimum ?? ''} `);
});

test('the doctor knows every part that is built or downloaded', () => {
  const [, parts = ''] = /LOCAL_PARTS=\(([^)]*)\)/.exec(doctor) ?? [];
  expect(parts.split(' ')).toEqual([...PARTS]);
});

test("deploy.sh finds PostgreSQL's folder of a checkout where the stack puts it", () => {
  const script = `set -eu; ROOT=$1; source "$ROOT/cluster/local/databases.sh"; own_database`;
  expect(execFileSync('bash', ['-c', script, 'bash', ROOT], { encoding: 'utf8' })).toBe(outsideOf(realpathSync(ROOT)));
});

test('npm refuses the Node that deploy.sh refuses, before it installs anything', () => {
  const [, oldest] = /NODE_TO_INSTALL=(\d+)/.exec(readFileSync(join(ROOT, 'cluster/shared/node.sh'), 'utf8')) ?? [];
  const { devEngines } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { devEngines?: object };
  expect(devEngines).toEqual({ runtime: { name: 'node', version: `>=${oldest ?? ''}`, onFail: 'error' } });
});
