import { type INode, NodeApiError, NodeOperationError } from 'n8n-workflow';

import { messageOf, PipelineError, type PipelineErrorCode } from '../../core/errors';
import { withIncidentId } from '../../core/telemetry/failure';

/** Errors that the user mends in n8n; all others are another system's answer. */
const OPERATIONAL: ReadonlySet<PipelineErrorCode> = new Set(['not_an_alert', 'bad_item', 'misconfigured']);

/** What n8n says of a node that was imported without its credential (2.41.1, `getCredentials`). */
const NO_CREDENTIAL = 'does not have any credentials set';
const CHOOSE_CREDENTIAL =
  'Open the node and choose its credential at the top, or create it there: its test says whether it works. Then run the step again.';

/**
 * The one place where our errors become n8n's. The incident's id goes into the message, since an error workflow gets the
 * error and never the item.
 */
export function toNodeError(
  node: INode,
  thrown: unknown,
  itemIndex: number,
  incidentId: string | undefined,
): NodeApiError | NodeOperationError {
  if (thrown instanceof NodeApiError || thrown instanceof NodeOperationError) {
    if (thrown.message.includes(NO_CREDENTIAL)) thrown.description ??= CHOOSE_CREDENTIAL;
    thrown.message = withIncidentId(thrown.message, incidentId);
    return thrown;
  }
  const known = thrown instanceof PipelineError ? thrown : undefined;
  const message = withIncidentId(messageOf(thrown), known?.incidentId ?? incidentId);
  const description = known?.nextStep ?? 'This is a fault of the node itself: please report it with this message.';
  const operational = known === undefined || OPERATIONAL.has(known.code);
  const error = operational
    ? new NodeOperationError(node, thrown instanceof Error ? thrown : message, { description, itemIndex })
    : new NodeApiError(node, { message }, { description, itemIndex });
  // n8n replaces messages that hold a word such as ECONNREFUSED by its own, without server and incident.
  error.message = message;
  return error;
}
