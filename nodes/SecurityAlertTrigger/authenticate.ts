import type { IWebhookFunctions } from 'n8n-workflow';

import { SECRET_HEADER } from '../../core/names';
import type { Sender } from '../../core/sources/senders';
import { secretsMatch } from './secret';
import { SENDER_FACTS } from './senders';
import { isSigned, SIGNATURE_HEADER, signingSecrets } from './signature';

/** Why the sender is not who the trigger takes alerts from, or null. It says the same whatever the body holds. */
export async function authenticationFailure(
  context: IWebhookFunctions,
  sender: Sender,
  body: Buffer,
): Promise<string | null> {
  const headers = context.getHeaderData();
  const { credential, proof } = SENDER_FACTS[sender];
  if (proof === 'signature') {
    const { secrets } = await context.getCredentials<{ secrets: string }>(credential.type);
    return isSigned(headers[SIGNATURE_HEADER.toLowerCase()], body, signingSecrets(secrets))
      ? null
      : `The header ${SIGNATURE_HEADER} is missing, or none of its signatures is of this body and a secret of the credential. PagerDuty's V2 webhooks have none: replace a V2 extension by a V3 webhook subscription.`;
  }
  const { secret } = await context.getCredentials<{ secret: string }>(credential.type);
  return secretsMatch(headers[SECRET_HEADER.toLowerCase()], secret)
    ? null
    : `The header ${SECRET_HEADER} is missing or wrong.`;
}
