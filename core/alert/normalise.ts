import { z } from 'zod/v4';

import { PipelineError } from '../errors';
import type { Alert, TrustClass } from './alert';
import { isFalcosidekick, readFalcosidekick } from './sources/falcosidekick';

/** A source: how to recognise its payload, and how to read it. A new one is a file in sources/ and a line here. */
interface Source {
  name: string;
  recognises: (body: Record<string, unknown>) => boolean;
  read: (body: unknown, receivedAt: string, trust: TrustClass) => Alert;
}

const SOURCES: readonly Source[] = [{ name: 'Falcosidekick', recognises: isFalcosidekick, read: readFalcosidekick }];

const KNOWN = SOURCES.map(({ name }) => name).join(', ');

/**
 * Turns a source's payload into an alert.
 * @throws PipelineError `not_an_alert`, with the reason, when the payload is none of the known forms.
 */
export function normaliseAlert(body: unknown, receivedAt: Date, trust: TrustClass): Alert {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw notAnAlert('the body is not a JSON object');
  }
  const record: Record<string, unknown> = { ...body };
  const source = SOURCES.find(({ recognises }) => recognises(record));
  if (source === undefined) throw notAnAlert(`the body is not an alert of a known source (${KNOWN})`);
  try {
    return source.read(record, receivedAt.toISOString(), trust);
  } catch (error) {
    if (error instanceof RangeError) throw notAnAlert('the body is nested too deeply', error);
    if (!(error instanceof z.ZodError)) throw error;
    throw notAnAlert(`not a valid ${source.name} alert: ${describe(error)}`, error);
  }
}

function describe(error: z.ZodError): string {
  return error.issues.map(({ path, message }) => `${path.join('.') || 'body'}: ${message}`).join('; ');
}

function notAnAlert(message: string, cause?: unknown): PipelineError {
  return new PipelineError('not_an_alert', message, {
    nextStep: `Send the payload as one of these sources posts it: ${KNOWN}.`,
    cause,
  });
}
