import { sanitize } from '../../core/text/sanitize';
import { PipelineError, type PipelineErrorCode } from '../../core/errors';
import type { Answer, PulumiCloudAccess } from './call';

/** An answer other than 2xx as an error that says what to do. */
export function refusal(
  { organization, url }: PulumiCloudAccess,
  what: string,
  { status, body }: Answer,
): PipelineError {
  const said = sanitize(typeof body === 'string' ? body : JSON.stringify(body), 500);
  const { code, nextStep } = kindOf(status, organization);
  return new PipelineError(code, `could not ${what}: ${url} answered ${status}: ${said}`, { nextStep });
}

function kindOf(status: number, organization: string): { code: PipelineErrorCode; nextStep: string } {
  switch (status) {
    case 401:
      return {
        code: 'forbidden',
        nextStep:
          'The access token is wrong or has expired: create a new one and put it into the Pulumi Cloud credential.',
      };
    case 403:
      return {
        code: 'forbidden',
        nextStep: `The token may not do that in ${organization}: check its rights, and that Neo is switched on for the organization.`,
      };
    case 404:
      return {
        code: 'not_found',
        nextStep: `Check the organization (${organization}) in the credential, the stack's and the repository's names, and that the token may see them.`,
      };
    case 409:
      return { code: 'conflict', nextStep: 'The task waits for something else first: look at it in Pulumi Cloud.' };
    case 429:
      return {
        code: 'unreachable',
        nextStep: 'Pulumi Cloud has too many requests from this token: wait, then run the step again.',
      };
    default:
      return status >= 500
        ? {
            code: 'unreachable',
            nextStep: 'Pulumi Cloud is in trouble: see status.pulumi.com, then run the step again.',
          }
        : { code: 'rejected', nextStep: 'Pulumi Cloud does not take what was sent; its answer says why.' };
  }
}

/** For an answer that is not of the form we know. */
export function unexpectedAnswer(what: string, detail: string): PipelineError {
  return new PipelineError('rejected', `Pulumi Cloud's answer to ${what} is not as expected: ${detail}`, {
    nextStep:
      "Neo's API is a preview and may have changed: look for a newer version of these nodes; the task itself is not affected.",
  });
}
