import { z } from 'zod/v4';

/** What can keep an answer of a model from being used, in the words of the report. */
export const FAILURES = [
  'refused by the model',
  'cut off',
  'no answer in time',
  'rate limit',
  'request refused',
  'server error',
  'not reachable',
  'not a valid answer',
] as const;
export type Failure = (typeof FAILURES)[number];

/** An error of LangChain's client, which is that of the provider's SDK. */
interface ClientError {
  status?: unknown;
  name?: unknown;
  code?: unknown;
  headers?: unknown;
}

/** How the content filters of providers say no (OpenAI, Azure, LiteLLM). */
const FILTERED = /content_(?:filter|policy)/i;

/** What kind of failure an error is. */
export function failureOf(error: unknown): Failure {
  const { status, name, code } = asClientError(error);
  if (name === 'TimeoutError' || name === 'AbortError' || name === 'APIConnectionTimeoutError')
    return 'no answer in time';
  if (typeof status !== 'number') return 'not reachable';
  if (FILTERED.test(String(code))) return 'refused by the model';
  if (status === 429) return 'rate limit';
  return status >= 500 ? 'server error' : 'request refused';
}

/** How long a server wants to be left alone, milliseconds; null where the error is no rate limit. */
export function toldToWait(error: unknown, nowMs: number): number | null {
  const { status, headers } = asClientError(error);
  if (status !== 429) return null;
  const said = headers instanceof Headers ? headers.get('retry-after') : null;
  if (said === null) return UNSAID_MS;
  const seconds = Number(said);
  const until = Number.isFinite(seconds) ? seconds * 1000 : new Date(said).getTime() - nowMs;
  return Number.isFinite(until) ? Math.max(0, until) : UNSAID_MS;
}

/** The wait where a server says none, milliseconds. */
const UNSAID_MS = 5_000;

function asClientError(error: unknown): ClientError {
  return typeof error === 'object' && error !== null ? error : {};
}

const refusalSchema = z.object({ refusal: z.string().min(1) });

/** OpenAI's chat completion, or a chunk of one. LangChain keeps the refusal only here. */
const rawSchema = z.object({
  __raw_response: z.object({
    choices: z.array(z.union([z.object({ message: refusalSchema }), z.object({ delta: refusalSchema })])).min(1),
  }),
});

/** Whether a model refused to answer: by OpenAI's `refusal`, or by the content filter that ended its reply. */
export function isRefusal(reply: { additional_kwargs?: unknown; response_metadata?: unknown }): boolean {
  const { finish_reason: end } = (reply.response_metadata ?? {}) as { finish_reason?: unknown };
  return rawSchema.safeParse(reply.additional_kwargs).success || FILTERED.test(String(end));
}
