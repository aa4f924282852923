import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { CHECKOUT } from '../../../cluster/local/paths.js';
import type { Outcome, Part } from '../part.js';

const BATS = join(CHECKOUT, 'node_modules', 'bats', 'bin', 'bats');
const TESTS = join(CHECKOUT, 'tests', 'deploy');

async function runFile(file: string): Promise<Outcome> {
  const { all, exitCode } = await execa(BATS, ['--formatter', 'tap', join(TESTS, file)], { all: true, reject: false });
  const count = (line: RegExp): number => [...all.matchAll(line)].length;
  const failed = count(/^not ok /gm);
  return {
    passed: count(/^ok /gm),
    // A file that does not even parse has no line of its own.
    failed: exitCode === 0 ? failed : Math.max(failed, 1),
    output: exitCode === 0 ? '' : `${file}\n${all.replace(/^ok .*\n/gm, '')}\n`,
  };
}

export const bats: Part = {
  name: 'bats',
  run: async () => {
    const files = (await readdir(TESTS)).filter((file) => file.endsWith('.bats'));
    // At once: bats itself does so only with GNU parallel.
    const outcomes = await Promise.all(files.map(runFile));
    return {
      passed: outcomes.reduce((sum, { passed }) => sum + passed, 0),
      failed: outcomes.reduce((sum, { failed }) => sum + failed, 0),
      output: outcomes.map(({ output }) => output).join(''),
    };
  },
};
