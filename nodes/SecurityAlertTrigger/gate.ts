import type { IWebhookFunctions } from 'n8n-workflow';

import { mayDiffer } from '../../core/alert/mayDiffer';
import type { Alert } from '../../core/incident/alert';
import { actsByPlaybook } from '../../core/policy/playbook';
import { GATE_HEADERS, SECRET_HEADER } from '../../core/names';

/** Headers that a request shares with others of the same sender. */
const OWN_HEADERS = [SECRET_HEADER.toLowerCase(), 'content-type'];

/** More events than a gate answers between two of its requests, so that no sender's own header counts for much. */
const MOST_OTHERS = 1_000_000;

/** How many requests like this one the gate answered before it; it strips this header from what a sender writes. */
export function answeredByGate(context: IWebhookFunctions): number {
  const header = context.getHeaderData()[GATE_HEADERS.count.toLowerCase()];
  const count = typeof header === 'string' && /^\d{1,9}$/.test(header) ? Number(header) : 0;
  return Math.min(count, MOST_OTHERS);
}

/**
 * Has the gate let alerts like this one through first: the playbook acts on them, and what nobody acts on must not keep
 * the containment of another pod waiting.
 */
export function callUrgent(context: IWebhookFunctions, alerts: readonly Alert[]): void {
  const [alert] = alerts;
  if (alerts.length !== 1 || alert?.source !== 'falco' || !actsByPlaybook(alert)) return;
  const urgency = { same: OWN_HEADERS, field: 'rule' };
  context.getResponseObject().setHeader(GATE_HEADERS.urgent, JSON.stringify(urgency));
}

/**
 * Permits the gate to answer what is like this repeat by itself for a moment: n8n needs ten milliseconds for a request
 * before a node of its sees it, and a flood of repeats would keep alerts about other pods waiting.
 */
export function permitRepeats(context: IWebhookFunctions, { source }: Alert): void {
  const differ = mayDiffer(source);
  if (differ === null) return;
  const permit = { same: OWN_HEADERS, differ };
  context.getResponseObject().setHeader(GATE_HEADERS.permit, JSON.stringify(permit));
}
