import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { CHECKOUT } from '../../cluster/local/paths.js';
import type { Outcome } from './part.js';
import { goTool } from './tools.js';

/** Every shell script of the checkout, by extension or by first line, as paths from its root. */
export async function scripts(): Promise<string[]> {
  // From git, so that what is built or installed here is not taken for ours; new files count before they are added.
  const { stdout } = await execa('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { cwd: CHECKOUT });
  const files = stdout.split('\n').filter((file) => existsSync(join(CHECKOUT, file)));
  const found = await execa(await goTool('shfmt'), ['--find', ...files], { cwd: CHECKOUT });
  return found.stdout.split('\n');
}

/** Runs a check on each script by itself, so that each counts. */
export async function checkScripts(tool: string, flags: string[]): Promise<Outcome> {
  const files = await scripts();
  const results = await Promise.all(
    files.map((file) => execa(tool, [...flags, file], { cwd: CHECKOUT, all: true, reject: false })),
  );
  const bad = results.filter(({ failed }) => failed);
  return { passed: files.length - bad.length, failed: bad.length, output: bad.map(({ all }) => all).join('\n') };
}
