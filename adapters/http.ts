import { Agent, interceptors, request } from 'undici';

import { presentable } from '../core/alert/text';
import { messageOf, PipelineError } from '../core/errors';

/** A plain HTTP service with optional basic authentication. */
export interface HttpService {
  /** How errors call it: "Loki". */
  name: string;
  url: string;
  username: string;
  password: string;
}

export interface HttpRequest {
  method: 'GET' | 'POST' | 'PUT';
  path: string;
  headers?: Record<string, string>;
  body?: string;
}

const TIMEOUT_MS = 5_000;

/**
 * Retries what may pass by itself: refused and reset connections, 429 and 5xx, with Retry-After obeyed. All requests sent
 * here may be sent twice without harm, so POST and PUT are retried like GET.
 */
const dispatcher = new Agent({
  connect: { timeout: TIMEOUT_MS },
  headersTimeout: TIMEOUT_MS,
  bodyTimeout: TIMEOUT_MS,
}).compose(
  interceptors.retry({
    maxRetries: 3,
    minTimeout: 200,
    maxTimeout: 2_000,
    timeoutFactor: 2,
    methods: ['GET', 'POST', 'PUT'],
    statusCodes: [429, 500, 502, 503, 504],
    throwOnError: false,
  }),
);

/**
 * Sends one request and returns the body of a 2xx answer.
 * @throws PipelineError `unreachable` without an answer or with 5xx and 429 after the retries, `forbidden` with 401 and 403, else `rejected`.
 */
export async function send(service: HttpService, { method, path, headers = {}, body }: HttpRequest): Promise<string> {
  const url = `${service.url.replace(/\/+$/, '')}${path}`;
  const { statusCode, text } = await answerOf(service, url, () =>
    request(url, { method, body: body ?? null, headers: { ...basicAuthorization(service), ...headers }, dispatcher }),
  );
  if (statusCode >= 200 && statusCode < 300) return text;
  throw refusal(service, url, statusCode, text);
}

async function answerOf(
  service: HttpService,
  url: string,
  run: () => ReturnType<typeof request>,
): Promise<{ statusCode: number; text: string }> {
  try {
    const { statusCode, body } = await run();
    return { statusCode, text: await body.text() };
  } catch (error) {
    throw new PipelineError('unreachable', `${service.name} at ${url} did not answer: ${messageOf(error)}`, {
      nextStep: `Check that ${service.name} runs and that the URL in its credential is right, then run the step again.`,
      cause: error,
    });
  }
}

function refusal({ name }: HttpService, url: string, status: number, text: string): PipelineError {
  const message = `${name} at ${url} answered ${status}: ${presentable(text, 500)}`;
  if (status === 401 || status === 403) {
    return new PipelineError('forbidden', message, { nextStep: `Check user and password in the ${name} credential.` });
  }
  if (status === 429 || status >= 500) {
    return new PipelineError('unreachable', message, {
      nextStep: `${name} is overloaded or ill: look at its logs, then run the step again.`,
    });
  }
  return new PipelineError('rejected', message, {
    nextStep: `${name} does not take what was sent; its answer says why.`,
  });
}

/** The header of basic authentication; none without a user. */
export function basicAuthorization({
  username,
  password,
}: Pick<HttpService, 'username' | 'password'>): Record<string, string> {
  if (username === '') return {};
  return { authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}` };
}
