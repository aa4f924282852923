import { Refusal } from '../http/answer.js';
import type { ErrorForm } from '../http/faults.js';

const TITLES: Record<number, string> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  409: 'Conflict',
  429: 'Too Many Requests',
  503: 'Service Unavailable',
};

/** The form of every error of Pulumi Cloud's API. */
export function pulumiError(code: number, what?: string) {
  const title = TITLES[code] ?? 'Internal Server Error';
  return { code, message: what === undefined ? title : `${title}: ${what}` };
}

export const refusal = (status: number, what?: string): Refusal =>
  new Refusal({ status, body: pulumiError(status, what) });

export const errorForm: ErrorForm = (status, _path, retryAfter) => ({
  headers: retryAfter === undefined ? undefined : { 'retry-after': String(retryAfter) },
  body: pulumiError(status),
});
