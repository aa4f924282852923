import { join } from 'node:path';

import { applyContents } from '../../../cluster/local/kubernetes/contents';
import { connect } from '../../../cluster/local/kubernetes/client';
import { configureSimulators, hasSimulators } from '../../../cluster/local/simulators/component';
import { loadStack, type Stack } from '../../../cluster/local/stack';
import { ROOT } from '../../support/manifests';
import { run } from '../../support/run';

/** The first start compiles four servers on two cores. */
export const FIRST_START_MS = 50 * 60_000;

/**
 * Starts whatever does not run, as a user would: with these variables, and without a model unless they name one.
 * @param options of deploy.sh, beside `--local`
 */
export async function startStack(variables: Record<string, string> = {}, ...options: string[]): Promise<Stack> {
  const {
    OPENAI_API_KEY: _key,
    OPENAI_BASE_URL: _url,
    OPENAI_MODEL: _model,
    NODE_OPTIONS: _options,
    ...environment
  } = process.env;
  const { code, output } = await run(join(ROOT, 'deploy.sh'), ['--local', ...options], {
    ...environment,
    ...variables,
  });
  // Its error and remedy are the last thing it prints.
  if (code !== 0)
    throw new Error(`deploy.sh ended with ${code}:\n${output.trimEnd().split('\n').slice(-25).join('\n')}`);
  if (!output.includes('The stack is up.')) throw new Error(`deploy.sh did not say that the stack is up:\n${output}`);
  return loadStack();
}

/** For tests that need the API server only. n8n takes few logins in five minutes, and every start of the stack is one. */
export async function startCluster(): Promise<Stack> {
  try {
    await applyContents(connect());
    return await loadStack();
  } catch {
    return startStack();
  }
}

/** With PagerDuty and Neo, simulated. A stack that has had them keeps them, so that they have only to be there once. */
export async function startStackWithSimulators(): Promise<Stack> {
  if (!hasSimulators()) await configureSimulators('replaced when the stack starts');
  return startStack();
}
