import { join } from 'node:path';
import { execa } from 'execa';
import { CHECKOUT } from '../../../cluster/local/paths.js';
import type { Part } from '../part.js';

const BATS = join(CHECKOUT, 'node_modules', 'bats', 'bin', 'bats');

export const bats: Part = {
  name: 'bats',
  run: async () => {
    const arguments_ = ['--formatter', 'tap', join(CHECKOUT, 'tests', 'deploy')];
    const { all, exitCode } = await execa(BATS, arguments_, { all: true, reject: false });
    const count = (line: RegExp): number => [...all.matchAll(line)].length;
    const failed = count(/^not ok /gm);
    return {
      passed: count(/^ok /gm),
      // A file that does not even parse has no line of its own.
      failed: exitCode === 0 ? failed : Math.max(failed, 1),
      output: all.replace(/^ok .*\n/gm, ''),
    };
  },
};
