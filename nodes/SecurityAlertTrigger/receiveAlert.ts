import type { IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';

import { parseLossless } from '../../core/alert/json';
import { normaliseAlert } from '../../core/alert/normalise';
import { PipelineError } from '../../core/errors';
import { SECRET_HEADER } from '../../core/names';
import { isSecret } from './secret';

/**
 * Answers one request. Rejections are written here and start no execution; an accepted alert is answered by n8n itself,
 * with what is returned here, once it has stored the execution.
 */
export async function receiveAlert(context: IWebhookFunctions): Promise<IWebhookResponseData> {
  const { secret } = await context.getCredentials<{ secret: string }>('securityAlertSecretApi');
  // The secret comes first: nobody without it learns anything, not even what a valid alert looks like.
  if (!isSecret(context.getHeaderData()[SECRET_HEADER.toLowerCase()], secret)) {
    return reject(context, 401, `The header ${SECRET_HEADER} is missing or wrong.`);
  }
  // Absent for a form, which n8n reads itself.
  const body = (context.getRequestObject().rawBody as Buffer | undefined) ?? Buffer.alloc(0);
  const limit = Number(context.getNodeParameter('maxKib')) * 1024;
  if (body.length > limit)
    return reject(context, 413, `The body has ${body.length} bytes; at most ${limit} are accepted.`);
  try {
    const alert = normaliseAlert(parseLossless(body.toString('utf8')), new Date(), 'kernel');
    return { webhookResponse: { status: 'accepted', incident: alert.id }, workflowData: [[{ json: { alert } }]] };
  } catch (error) {
    if (error instanceof PipelineError) return reject(context, 400, `${error.message}. ${error.nextStep}`);
    if (error instanceof SyntaxError)
      return reject(context, 400, `The body is not JSON that can be read: ${error.message}.`);
    throw error;
  }
}

function reject(context: IWebhookFunctions, status: 400 | 401 | 413, reason: string): IWebhookResponseData {
  context.getResponseObject().status(status).json({ status: 'rejected', reason });
  return { noWebhookResponse: true };
}
