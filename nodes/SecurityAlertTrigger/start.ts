import { type IHookFunctions, NodeOperationError } from 'n8n-workflow';

import { PipelineError } from '../../core/errors';
import { testSecret } from './secret';
import { SENDER_FACTS } from './senders';
import { testSigningSecrets } from './signature';
import { trustedSender } from './trust';

/**
 * Refuses to start a trigger that does not say whom it trusts, whose credential is not that sender's, or whose secret can
 * be guessed.
 * @throws NodeOperationError which n8n shows to the person who publishes the workflow
 */
export async function checkStart(context: IHookFunctions): Promise<void> {
  try {
    const sender = trustedSender(context);
    const { credential, proof } = SENDER_FACTS[sender];
    const data = await context.getCredentials(credential.type);
    const { status, message } = proof === 'signature' ? testSigningSecrets(data.secrets) : testSecret(data.secret);
    if (status === 'Error')
      throw new PipelineError(
        'misconfigured',
        `the trigger accepts no alerts: its credential "${credential.label}" is not safe`,
        {
          nextStep: message,
        },
      );
  } catch (error) {
    if (!(error instanceof PipelineError)) throw error;
    throw new NodeOperationError(context.getNode(), `${error.message}. ${error.nextStep}`, {
      description: error.nextStep,
    });
  }
}
