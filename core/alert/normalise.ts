import { z } from 'zod/v4';

import { PipelineError } from '../errors';
import { runSteps, type Steps } from '../steps';
import { isRecord } from './limits';
import { sanitizeAlerts } from './sanitizeDraft';
import { alertmanager } from './sources/alertmanager';
import { falcosidekick } from './sources/falcosidekick';
import { pagerDuty } from './sources/pagerDuty';
import { policyReporter } from './sources/policyReporter';
import { trivy } from './sources/trivy';
import { type Reading, type Sender, type Source, TRUST } from './sources/source';
import { visible } from '../text/sanitize';

/** A new source is a file in sources/ and a line here. The first source that recognises a body reads it. */
const SOURCES: readonly Source[] = [policyReporter, falcosidekick, alertmanager, trivy, pagerDuty];

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
  const sources = SOURCES.filter((source) => sender === 'anyone' || source.sender === sender);
  const known = sources.map(({ name }) => name).join(', ');
  if (!isRecord(body)) throw notAnAlert('the body is not a JSON object', known);
  const source = sources.find(({ recognises }) => recognises(body));
  if (source === undefined) throw notAnAlert(`the body is not an alert of a known source (${known})`, known);
  try {
    const reading = source.read(body, receivedAt.toISOString(), sender === 'anyone' ? 'report' : TRUST[sender]);
    if (reading.skipped !== null) return reading;
    yield;
    const [first, ...others] = yield* sanitizeAlerts(reading.drafts, reading.count);
    if (first === undefined) throw new TypeError('no source reads a body as no alert without a reason');
    return { alerts: [first, ...others], skipped: null, leftOut: reading.leftOut };
  } catch (error) {
    if (error instanceof RangeError) throw notAnAlert('the body is nested too deeply', known, error);
    if (!(error instanceof z.ZodError)) throw error;
    throw notAnAlert(`not a valid ${source.name} alert: ${describe(error)}`, known, error);
  }
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
