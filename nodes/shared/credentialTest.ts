import type { INodeCredentialTestResult } from 'n8n-workflow';

import { PipelineError } from '../../core/errors';

/**
 * Runs a credential's test. n8n shows the message of an error, and a sentence of its own after a success.
 * @param test gives the message of a success
 */
export async function credentialTestResult(test: () => Promise<string>): Promise<INodeCredentialTestResult> {
  try {
    return { status: 'OK', message: await test() };
  } catch (error) {
    if (!(error instanceof PipelineError)) throw error;
    return { status: 'Error', message: `${error.message}. ${error.nextStep}` };
  }
}

/** The result of a test whose success has nothing more to say. */
export function connectionTestResult(test: () => Promise<void>): Promise<INodeCredentialTestResult> {
  return credentialTestResult(async () => {
    await test();
    return 'Connected';
  });
}
