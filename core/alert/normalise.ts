import { z } from 'zod/v4';

import { PipelineError } from '../errors';
import { alertmanager } from './sources/alertmanager';
import { falcosidekick } from './sources/falcosidekick';
import { pagerDuty } from './sources/pagerDuty';
import { policyReporter } from './sources/policyReporter';
import { trivy } from './sources/trivy';
import { type Reading, type Sender, type Source, TRUST } from './sources/source';

/** A new one is a file in sources/ and a line here. The first that recognises a body reads it. */
const SOURCES: readonly Source[] = [policyReporter, falcosidekick, alertmanager, trivy, pagerDuty];

/**
 * Turns a payload into its alerts. Its sender has proved who it is, and only its forms are taken; `anyone` has proved
 * nothing, so that whatever it sends is a report.
 * @throws PipelineError `not_an_alert`, with the reason, when the payload is none of the known forms.
 */
export function normaliseAlerts(body: unknown, receivedAt: Date, sender: Sender | 'anyone'): Reading {
  const sources = SOURCES.filter((source) => sender === 'anyone' || source.sender === sender);
  const known = sources.map(({ name }) => name).join(', ');
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw notAnAlert('the body is not a JSON object', known);
  const record: Record<string, unknown> = { ...body };
  const source = sources.find(({ recognises }) => recognises(record));
  if (source === undefined) throw notAnAlert(`the body is not an alert of a known source (${known})`, known);
  try {
    return source.read(record, receivedAt.toISOString(), sender === 'anyone' ? 'report' : TRUST[sender]);
  } catch (error) {
    if (error instanceof RangeError) throw notAnAlert('the body is nested too deeply', known, error);
    if (!(error instanceof z.ZodError)) throw error;
    throw notAnAlert(`not a valid ${source.name} alert: ${describe(error)}`, known, error);
  }
}

function describe(error: z.ZodError): string {
  return error.issues.map(({ path, message }) => `${path.join('.') || 'body'}: ${message}`).join('; ');
}

function notAnAlert(message: string, known: string, cause?: unknown): PipelineError {
  return new PipelineError('not_an_alert', message, {
    nextStep: `Send the payload as one of these sources posts it: ${known}.`,
    cause,
  });
}
