import type { IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';

import { parseSteps } from '../../core/text/json';
import { normaliseSteps, type Reading } from '../../core/alert/normalise';
import type { Sender } from '../../core/sources/senders';
import { PipelineError } from '../../core/errors';
import { actsByPlaybook } from '../../core/policy/playbook';
import type { Steps } from '../../core/steps';
import { now } from '../shared/clock';
import { paced } from '../shared/paced';
import { starts } from '../shared/turns';
import { way } from '../shared/way';
import { authenticationFailure } from './authenticate';
import { type Answer, deliveries, DELIVERY_HEADER, deliveryKeys } from './deliveries';
import { foldAlerts } from './foldAlerts';
import { answeredByGate, callUrgent, permitRepeats } from './gate';
import { SENDER_FACTS } from './senders';
import { trustedSender } from './trust';

/**
 * Answers one request. Rejections, duplicates and what is no alert are answered here and start no execution; accepted
 * alerts are answered by n8n itself, with what is returned here, once it has stored the execution.
 */
export async function receiveAlert(context: IWebhookFunctions): Promise<IWebhookResponseData> {
  const sender = acceptedSender(context);
  if (sender === null) return reject(context, 503, NOT_SET_UP);
  // Absent for a form, which n8n reads itself.
  const body = (context.getRequestObject().rawBody as Buffer | undefined) ?? Buffer.alloc(0);
  // The secret comes first: nobody without it learns anything, not even what a valid alert looks like.
  const failure = await authenticationFailure(context, sender, body);
  if (failure !== null) return reject(context, 401, failure);
  const limit = Number(context.getNodeParameter('maxKib')) * 1024;
  if (body.length > limit)
    return reject(context, 413, `The body has ${body.length} bytes; at most ${limit} are accepted.`);
  try {
    return await accept(context, sender, body);
  } catch (error) {
    if (error instanceof PipelineError) return reject(context, 400, `${error.message}. ${error.nextStep}`);
    if (error instanceof SyntaxError)
      return reject(context, 400, `The body is not JSON that can be read: ${error.message}.`);
    throw error;
  }
}

async function accept(context: IWebhookFunctions, sender: Sender, body: Buffer): Promise<IWebhookResponseData> {
  const { retries } = SENDER_FACTS[sender];
  const delivery = retries ? deliveryKeys(context.getHeaderData()[DELIVERY_HEADER.toLowerCase()], body) : undefined;
  const before = delivery && deliveries.find(delivery);
  if (before !== undefined) return reply(context, 202, { ...before, status: 'duplicate' });

  // Each sender has a lane of its own, so that Falco's alerts wait for nobody else's.
  const reading = await paced(readingSteps(body, now(), sender), sender);
  // PagerDuty switches a webhook off that answers with an error, and nothing is wrong with this one.
  if (reading.skipped !== null) return reply(context, 202, { status: 'ignored', reason: reading.skipped });

  const { alerts, leftOut } = reading;
  callUrgent(context, alerts);
  const others = answeredByGate(context);
  const { passing, incidents, repeated, isAlike, isDuplicate, lost } = await foldAlerts(
    context,
    alerts,
    others,
    delivery,
  );
  const [incident, ...further] = incidents;
  const answer = {
    status: isDuplicate ? 'duplicate' : 'accepted',
    incident,
    ...(further.length > 0 ? { incidents } : {}),
    ...(repeated > 0 ? { repeated } : {}),
    ...(leftOut > 0 ? { leftOut } : {}),
  };
  if (delivery !== undefined) rememberOnceStored(context, delivery, answer);
  if (passing.length === 0) {
    if (isAlike && !isDuplicate && further.length === 0 && leftOut === 0) permitRepeats(context, alerts[0]);
    return reply(context, 202, answer);
  }
  const response = context.getResponseObject();
  response.once('close', () => {
    if (!response.writableFinished || response.statusCode >= 300) void lost();
  });
  if (passing.some(actsByPlaybook)) way.hold();
  else await starts.take();
  return { webhookResponse: answer, workflowData: [passing.map((alert) => ({ json: { alert } }))] };
}

function* readingSteps(body: Buffer, receivedAt: Date, sender: Sender): Steps<Reading> {
  return yield* normaliseSteps(yield* parseSteps(body.toString('utf8')), receivedAt, sender);
}

/** Only what n8n has stored is a duplicate when it comes again: after an error of n8n's the next attempt has to count. */
function rememberOnceStored(context: IWebhookFunctions, delivery: readonly string[], answer: Answer): void {
  const response = context.getResponseObject();
  response.once('finish', () => {
    if (response.statusCode < 300) deliveries.remember(delivery, answer);
  });
}

/** For a client without a secret; the reason is in n8n's log. A sender that retries after 5xx loses nothing. */
const NOT_SET_UP = "The trigger is not set up: its node in n8n, and n8n's log, say what is missing.";

/** Checked again with each request: a workflow may have been changed since n8n published its webhook. */
function acceptedSender(context: IWebhookFunctions): Sender | null {
  try {
    return trustedSender(context);
  } catch (error) {
    if (!(error instanceof PipelineError)) throw error;
    context.logger.error(`${context.getNode().name}: ${error.message}. ${error.nextStep}`);
    return null;
  }
}

function reject(context: IWebhookFunctions, status: 400 | 401 | 413 | 503, reason: string): IWebhookResponseData {
  return reply(context, status, { status: 'rejected', reason });
}

function reply(context: IWebhookFunctions, status: number, answer: Answer): IWebhookResponseData {
  context.getResponseObject().status(status).json(answer);
  return { noWebhookResponse: true };
}
