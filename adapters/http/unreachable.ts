import { sanitize } from '../../core/text/sanitize';
import { messageOf, PipelineError } from '../../core/errors';
import { connectionFailureOf, fill } from './connectionFailures';
import { errorCodes } from './errorCodes';
import { shown } from './refusal';
import type { HttpService } from './service';

const OTHERWISE = 'Check that {name} runs and that the URL in its credential is right, then run the step again.';

/** The error for a request that got no answer. */
export function unreachable({ name }: HttpService, url: URL, error: unknown): PipelineError {
  const step = connectionFailureOf(error)?.mend ?? OTHERWISE;
  const said = messageOf(error) === '' ? errorCodes(error).join(', ') : messageOf(error);
  return new PipelineError('unreachable', `${name} at ${shown(url)} did not answer: ${sanitize(said, 500)}`, {
    nextStep: fill(step, { name, at: url.host, host: url.hostname }),
    cause: error,
  });
}
