import { z } from 'zod/v4';

import { PipelineError } from '../errors';
import type { Alert } from '../incident/alert';
import { SOURCES } from '../sources';
import { isRecord } from '../sources/limits';
import { type Sender, SENDER_TRUST } from '../sources/senders';
import type { NoAlert } from '../sources/source';
import { runSteps, type Steps } from '../steps';
import { visible } from '../text/sanitize';
import { buildAlerts } from './buildAlerts';

/** The content of a payload: alerts, or the reason why a valid payload contains none. */
export type Reading =
  | {
      alerts: [Alert, ...Alert[]];
      skipped: null;
      /** Alerts of the body that were counted but not read. */
      leftOut: number;
    }
  | NoAlert;

/**
 * Turns a payload into its alerts. An authenticated sender may only send its own formats; `anyone` is not
 * authenticated, so everything it sends is a report.
 * @throws PipelineError `not_an_alert`, with the reason, when the payload has no known format.
 */
export function normaliseAlerts(body: unknown, receivedAt: Date, sender: Sender | 'anyone'): Reading {
  return runSteps(normaliseSteps(body, receivedAt, sender));
}

/** Same as normaliseAlerts, in steps. */
export function* normaliseSteps(body: unknown, receivedAt: Date, sender: Sender | 'anyone'): Steps<Reading> {
  const known = formatsOf(sender).join(', ');
  if (!isRecord(body)) throw notAnAlert('the body is not a JSON object', known);
  const source = sourcesOf(sender).find(({ recognises }) => recognises(body));
  if (source === undefined) throw notAnAlert(`the body is not an alert of a known source (${known})`, known);
  try {
    const reading = source.read(body);
    if (reading.skipped !== null) return reading;
    yield;
    const [first, ...others] = yield* buildAlerts(reading.drafts, reading.count, {
      source,
      trust: sender === 'anyone' ? 'report' : SENDER_TRUST[sender],
      receivedAt: receivedAt.toISOString(),
    });
    if (first === undefined) throw new TypeError('no source reads a body as no alert without a reason');
    return { alerts: [first, ...others], skipped: null, leftOut: reading.leftOut };
  } catch (error) {
    if (error instanceof RangeError) throw notAnAlert('the body is nested too deeply', known, error);
    if (!(error instanceof z.ZodError)) throw error;
    throw notAnAlert(`not a valid ${source.format} alert: ${describe(error)}`, known, error);
  }
}

/** What posts the payloads that a sender may send, by name. */
export function formatsOf(sender: Sender | 'anyone'): string[] {
  return sourcesOf(sender).map(({ format }) => format);
}

function sourcesOf(sender: Sender | 'anyone') {
  return SOURCES.filter((source) => sender === 'anyone' || source.sender === sender);
}

/** Only the first problems are reported; a body can have as many problems as it has values. */
const MOST_ISSUES = 5;
const LONGEST_PATH = 200;

/** The problems that zod found in a payload, in one bounded line. */
function describe({ issues }: z.ZodError): string {
  const said = issues
    .slice(0, MOST_ISSUES)
    .map(
      ({ path, message }) => `${visible(path.join('.'), LONGEST_PATH) || 'body'}: ${visible(message, LONGEST_PATH)}`,
    );
  return [...said, ...(issues.length > MOST_ISSUES ? [`and ${issues.length - MOST_ISSUES} more`] : [])].join('; ');
}

function notAnAlert(message: string, known: string, cause?: unknown): PipelineError {
  return new PipelineError('not_an_alert', message, {
    nextStep: `Send the payload as one of these sources posts it: ${known}.`,
    cause,
  });
}
