import { Agent, interceptors, request } from 'undici';

import { refusal } from './refusal';
import { addressOf, basicAuthorization, type HttpRequest, type HttpService } from './service';
import { unreachable } from './unreachable';

export type { HttpService } from './service';

const TIMEOUT_MS = 5_000;

/** What these servers say of what they are sent is short. Whatever is longer is no answer of them. */
const LARGEST_ANSWER = 1024 * 1024;

const agent = new Agent({
  connect: { timeout: TIMEOUT_MS },
  headersTimeout: TIMEOUT_MS,
  bodyTimeout: TIMEOUT_MS,
  maxResponseSize: LARGEST_ANSWER,
});

/** A query may take longer, and its answer may be as long as the caller makes it. */
const READING = { timeoutMs: 30_000, largestAnswer: 8 * 1024 * 1024 } as const;

const readingAgent = new Agent({
  connect: { timeout: TIMEOUT_MS },
  headersTimeout: READING.timeoutMs,
  bodyTimeout: READING.timeoutMs,
  maxResponseSize: READING.largestAnswer,
});

/**
 * Retries what may pass by itself: refused and reset connections, 429 and 5xx, with Retry-After obeyed. All requests sent
 * here may be sent twice without harm, so POST and PUT are retried. Redirects are not followed: they could take
 * user and password to another server.
 */
const retry = interceptors.retry({
  maxRetries: 3,
  minTimeout: 200,
  maxTimeout: 2_000,
  timeoutFactor: 2,
  methods: ['GET', 'POST', 'PUT'],
  statusCodes: [429, 500, 502, 503, 504],
  throwOnError: false,
});
const patient = agent.compose(retry);
const patientReader = readingAgent.compose(retry);

/**
 * Sends one request and returns the body of a 2xx answer. A web page is no such answer: nothing was stored.
 * @throws PipelineError `misconfigured` without an address; `unreachable` without an answer, or with 5xx, 408 and 429 after
 * the retries, if there are any; `forbidden` with 401, 403 and 407; else `rejected`. Each says what to do next.
 */
export async function send(
  service: HttpService,
  { method, path, headers = {}, body, once = false, silent = false }: HttpRequest,
): Promise<string> {
  const url = addressOf(service, path);
  const dispatcher = method === 'GET' ? patientReader : once ? agent : patient;
  const answer = await answerOf(service, url, () =>
    request(url, { method, body: body ?? null, headers: { ...basicAuthorization(service), ...headers }, dispatcher }),
  );
  const isTaken = !isPage(answer) && !(silent && answer.text.trim() !== '');
  if (answer.status >= 200 && answer.status < 300 && isTaken) return answer.text;
  throw refusal(service, url, {
    ...answer,
    path,
    page: isPage(answer) ? titleOf(answer.text) : null,
    location: locationOf(answer.headers.location, url),
    challenge: [answer.headers['www-authenticate']].flat().join(', '),
  });
}

interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  text: string;
}

async function answerOf(service: HttpService, url: URL, run: () => ReturnType<typeof request>): Promise<Answer> {
  try {
    const { statusCode, headers, body } = await run();
    return { status: statusCode, headers, text: await body.text() };
  } catch (error) {
    throw unreachable(service, url, error);
  }
}

function isPage({ headers, text }: Answer): boolean {
  return /^\s*text\/html/i.test(String(headers['content-type'] ?? '')) || /^\s*<(?:!doctype html|html)\b/i.test(text);
}

function titleOf(text: string): string {
  return /<title>([^<]{0,200})/i.exec(text.slice(0, 10_000))?.[1]?.trim() ?? '';
}

function locationOf(header: string | string[] | undefined, url: URL): URL | null {
  const [location] = [header].flat();
  return location === undefined ? null : URL.parse(location, url.href);
}
