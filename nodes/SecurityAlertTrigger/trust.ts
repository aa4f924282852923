import type { IHookFunctions, INode, IWebhookFunctions } from 'n8n-workflow';

import { type Sender, SENDERS } from '../../core/sources/senders';
import { PipelineError } from '../../core/errors';
import { SENDER_FACTS } from './senders';

/**
 * Whose alerts the trigger accepts: what *Alerts From* says, if the node's credential is that sender's and nobody else's.
 * The request has no say in it.
 * @throws PipelineError `misconfigured`
 */
export function trustedSender(context: IHookFunctions | IWebhookFunctions): Sender {
  const chosen: unknown = context.getNodeParameter('sender', '');
  const sender = SENDERS.find((known) => known === chosen);
  if (sender === undefined)
    throw misconfigured(
      chosen === '' ? 'nobody chose whose alerts it accepts' : `"Alerts From" has no option ${JSON.stringify(chosen)}`,
      'Open the trigger, choose "Alerts From" and the credential, then publish the workflow.',
    );
  const problem = credentialProblem(sender, context.getNode());
  if (problem === null) return sender;
  throw misconfigured(
    problem,
    `Open the trigger, check "Alerts From", and choose the credential "${SENDER_FACTS[sender].credential.label}".`,
  );
}

function credentialProblem(sender: Sender, { credentials = {} }: INode): string | null {
  const { type, label } = SENDER_FACTS[sender].credential;
  if (credentials[type] === undefined) return `it accepts alerts of ${sender} and has no credential "${label}"`;
  const other = SENDERS.find(
    (name) => name !== sender && credentials[SENDER_FACTS[name].credential.type] !== undefined,
  );
  return other === undefined
    ? null
    : `it accepts alerts of ${sender} and has the credential "${SENDER_FACTS[other].credential.label}" of ${other} as well`;
}

function misconfigured(problem: string, nextStep: string): PipelineError {
  return new PipelineError('misconfigured', `the trigger accepts no alerts: ${problem}`, { nextStep });
}
