import { Refusal } from '../http/answer.js';
import type { ErrorForm } from '../http/faults.js';

/** The codes of PagerDuty's REST API, as its documentation lists them. */
export const CODE = {
  internal: 2000,
  invalidInput: 2001,
  alreadyResolved: 1001,
  requesterNotFound: 1008,
  malformedFrom: 1028,
  authentication: 2006,
  fromMissing: 2016,
  rateLimit: 2020,
  notFound: 2100,
} as const;

/** The form of every error of the REST API. */
export const restError = (message: string, code: number, errors?: string[]) => ({ error: { message, code, errors } });

export const refusal = (status: number, message: string, code: number, errors?: string[]): Refusal =>
  new Refusal({ status, body: restError(message, code, errors) });

export const invalid = (...errors: string[]): Refusal =>
  refusal(400, 'Invalid Input Provided', CODE.invalidInput, errors);

export const notFound = (): Refusal => refusal(404, 'Not Found', CODE.notFound);

export const eventsError = (status: string, message: string, errors?: string[]) => ({ status, message, errors });

const REQUESTS_A_MINUTE = 960;

/** How long to wait after a 429 stands in `ratelimit-reset`, in seconds; PagerDuty documents no Retry-After. */
export const errorForm: ErrorForm = (status, path, retryAfter = 30) => {
  if (path === '/v2/enqueue') {
    const body =
      status === 429
        ? eventsError('throttle exceeded', 'Requests for this service are arriving too quickly. Please retry later.')
        : eventsError('error', 'An error occurred while the event was processed.');
    return { body };
  }
  if (status !== 429) return { body: restError('Internal Server Error', CODE.internal) };
  return {
    headers: {
      'ratelimit-limit': String(REQUESTS_A_MINUTE),
      'ratelimit-remaining': '0',
      'ratelimit-reset': String(retryAfter),
    },
    body: restError('Rate Limit Exceeded', CODE.rateLimit),
  };
};
