import type { IWebhookFunctions } from 'n8n-workflow';

import type { Sender } from '../../core/sources/senders';
import { SECRET_HEADER } from '../../core/names';
import { secretsMatch } from './secret';
import { SENDER_CREDENTIALS } from './senders';
import { isSigned, SIGNATURE_HEADER, signingSecrets } from './signature';

/** Why the sender is not who the trigger takes alerts from, or null. It says the same whatever the body holds. */
export async function authenticationFailure(
  context: IWebhookFunctions,
  sender: Sender,
  body: Buffer,
): Promise<string | null> {
  const headers = context.getHeaderData();
  const { type } = SENDER_CREDENTIALS[sender];
  if (sender === 'pagerDuty') {
    const { secrets } = await context.getCredentials<{ secrets: string }>(type);
    return isSigned(headers[SIGNATURE_HEADER.toLowerCase()], body, signingSecrets(secrets))
      ? null
      : `The header ${SIGNATURE_HEADER} is missing, or none of its signatures is of this body and a secret of the credential. PagerDuty’s V2 webhooks have none: replace a V2 extension by a V3 webhook subscription.`;
  }
  const { secret } = await context.getCredentials<{ secret: string }>(type);
  return secretsMatch(headers[SECRET_HEADER.toLowerCase()], secret)
    ? null
    : `The header ${SECRET_HEADER} is missing or wrong.`;
}
