/**
 * Checks what brings the pipeline to a cluster, without one: the shell scripts, the manifests, and what deploy.sh does
 * step by step before recorded tools. Ends with one line that any continuous integration can read.
 */
import { messageOf, StackError } from '../../cluster/local/errors.js';
import { parse, readCommandLine } from '../../cluster/shared/commandLine.js';
import type { Outcome, Part } from './part.js';
import { amtool } from './parts/amtool.js';
import { bats } from './parts/bats.js';
import { kubeconform } from './parts/kubeconform.js';
import { kustomize } from './parts/kustomize.js';
import { promtool } from './parts/promtool.js';
import { shellcheck } from './parts/shellcheck.js';
import { shfmt } from './parts/shfmt.js';

const PARTS: Part[] = [shellcheck, shfmt, kubeconform, kustomize, promtool, amtool, bats];

async function outcomeOf({ run }: Part): Promise<Outcome> {
  try {
    return await run();
  } catch (error) {
    const remedy = error instanceof StackError ? `\nWhat to do: ${error.remedy}` : '';
    return { passed: 0, failed: 1, output: messageOf(error) + remedy };
  }
}

function print({ name }: Part, { passed, failed, output, leftOut = [] }: Outcome): void {
  console.log(`${failed > 0 ? '✘' : '✔'} ${name}: ${passed} good, ${failed} not`);
  for (const what of leftOut) console.log(`    left out: ${what}`);
  if (failed > 0) console.log(output.trimEnd().replace(/^/gm, '    '));
}

async function main(): Promise<void> {
  const sum = { passed: 0, failed: 0 };
  for (const part of PARTS) {
    const outcome = await outcomeOf(part);
    print(part, outcome);
    sum.passed += outcome.passed;
    sum.failed += outcome.failed;
  }
  console.log(`${sum.passed} passed, ${sum.failed} failed`);
  if (sum.failed > 0) process.exitCode = 1;
}

const CHECKS = {
  command: 'npm run test:deploy',
  about: 'Checks the shell scripts, the manifests, and deploy.sh against recorded tools, without a cluster.',
  options: {},
} as const;

readCommandLine((args) => parse(CHECKS, args));
void main();
