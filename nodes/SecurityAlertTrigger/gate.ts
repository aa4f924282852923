import type { IWebhookFunctions } from 'n8n-workflow';

import { mayDiffer } from '../../core/alert/mayDiffer';
import type { Alert } from '../../core/incident/alert';
import { GATE_HEADERS, SECRET_HEADER } from '../../core/names';

/** More events than a gate answers between two of its requests, so that no sender's own header counts for much. */
const MOST_OTHERS = 1_000_000;

/** How many requests like this one the gate answered before it; it strips this header from what a sender writes. */
export function answeredByGate(context: IWebhookFunctions): number {
  const header = context.getHeaderData()[GATE_HEADERS.count.toLowerCase()];
  const count = typeof header === 'string' && /^\d{1,9}$/.test(header) ? Number(header) : 0;
  return Math.min(count, MOST_OTHERS);
}

/**
 * Permits the gate to answer what is like this repeat by itself for a moment: n8n needs ten milliseconds for a request
 * before a node of its sees it, and a flood of repeats would keep alerts about other pods waiting.
 */
export function permitRepeats(context: IWebhookFunctions, { source }: Alert): void {
  const differ = mayDiffer(source);
  if (differ === null) return;
  const permit = { same: [SECRET_HEADER.toLowerCase(), 'content-type'], differ };
  context.getResponseObject().setHeader(GATE_HEADERS.permit, JSON.stringify(permit));
}
