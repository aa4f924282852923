import { PipelineError } from '../errors';
import { visible } from '../text/sanitize';

const UPGRADE =
  "Create a V3 webhook subscription for this URL (in PagerDuty: Integrations, Generic Webhooks (v3)), put its signing secret into the credential, and remove the V2 extension; PagerDuty's script migrate_webhooks_to_v3 does so for many.";

/** Whether a body comes from a V2 webhook, which PagerDuty no longer supports and does not sign. */
export function isPagerDutyV2(body: object): body is { messages: unknown } {
  return 'messages' in body;
}

/** Refuses it and explains how to migrate. */
export function refuseV2({ messages }: { messages: unknown }): never {
  const [message] = Array.isArray(messages) ? (messages as unknown[]) : [];
  const said = typeof message === 'object' && message !== null && 'event' in message ? message.event : undefined;
  const event = typeof said === 'string' ? visible(said, 64) : 'no event';
  throw new PipelineError('not_an_alert', `this is a PagerDuty V2 webhook (${event}), which carries no signature`, {
    nextStep: UPGRADE,
  });
}
