import { EnvHttpProxyAgent, type Dispatcher, request } from 'undici';

import { messageOf, PipelineError } from '../../core/errors';

/** How to reach Pulumi Cloud. */
export interface PulumiCloudAccess {
  /** `https://api.pulumi.com`, or a self-hosted one's API. */
  url: string;
  organization: string;
  /** A token; it acts with the rights of its user or team, as far as the task's permission mode lets it. */
  accessToken: string;
}

export interface Call {
  method: 'GET' | 'POST' | 'PATCH';
  /** Below the organization's tasks: `/{id}/events`. */
  path: string;
  query?: Record<string, string>;
  body?: unknown;
  /** For each silence; a call as a whole takes no longer either. */
  timeoutMs?: number;
  signal?: AbortSignal;
  headers?: Record<string, string>;
}

export interface Answer {
  status: number;
  /** Parsed, or the text where it is no JSON. */
  body: unknown;
  /** Seconds after which to try again, if Pulumi said so. */
  retryAfter: number | null;
}

/** Pulumi's own CLI waits so long for each of its calls, and 120 s for a new task. */
const TIMEOUT_MS = 20_000;
const CONNECT_MS = 10_000;

/** Pulumi Cloud's API, by its version; the CLI sends 9 for what 8 does. */
export const ACCEPT = 'application/vnd.pulumi+8';

/** A company's proxy is found in HTTPS_PROXY and NO_PROXY, as n8n finds it. Made when first needed, to see the environment. */
let dispatcher: Dispatcher | undefined;
export function agent(): Dispatcher {
  dispatcher ??= new EnvHttpProxyAgent({ connect: { timeout: CONNECT_MS }, proxyTls: { timeout: CONNECT_MS } });
  return dispatcher;
}

/** Thrown when a request got no answer. */
export class NoAnswer extends PipelineError {
  constructor(
    message: string,
    /** Whether the request can have reached Pulumi, so that what it asked for may have been done. */
    readonly mayHaveArrived: boolean,
    cause: unknown,
  ) {
    super('unreachable', message, {
      nextStep:
        'Check that this n8n reaches Pulumi Cloud (URL of the credential, HTTPS_PROXY), then run the step again.',
      cause,
    });
  }
}

export function tasksUrl({ url, organization }: PulumiCloudAccess, path: string, query = {}): string {
  const base = url.replace(/\/+$/, '');
  const search = new URLSearchParams(query).toString();
  return `${base}/api/preview/agents/${encodeURIComponent(organization)}/tasks${path}${search === '' ? '' : `?${search}`}`;
}

/** Sends one request and gives whatever was answered. @throws NoAnswer */
export async function call(access: PulumiCloudAccess, wanted: Call): Promise<Answer> {
  const { path, query, timeoutMs = TIMEOUT_MS } = wanted;
  const url = tasksUrl(access, path, query);
  try {
    const response = await open(access, url, { ...wanted, timeoutMs, signal: AbortSignal.timeout(timeoutMs) });
    const text = await response.body.text();
    return {
      status: response.statusCode,
      body: parsed(text),
      retryAfter: retryAfterOf(response.headers['retry-after']),
    };
  } catch (error) {
    throw unanswered(wanted, url, error);
  }
}

export function unanswered({ method, body }: Call, url: string, error: unknown): NoAnswer {
  const message = `Pulumi Cloud did not answer ${method} ${url}: ${messageOf(error)}`;
  return new NoAnswer(message, body === undefined || !neverSent(error), error);
}

export async function open(
  access: PulumiCloudAccess,
  url: string,
  { method, body, timeoutMs = TIMEOUT_MS, headers = {}, signal }: Call,
): ReturnType<typeof request> {
  return request(url, {
    method,
    dispatcher: agent(),
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    ...(signal === undefined ? {} : { signal }),
    headers: {
      authorization: `token ${access.accessToken}`,
      accept: ACCEPT,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    body: body === undefined ? null : JSON.stringify(body),
  });
}

/** Errors that come before a connection is there (Node's and undici's). */
const BEFORE_CONNECTION: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'UND_ERR_CONNECT_TIMEOUT',
  'CERT_HAS_EXPIRED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);
/** A connection that stands can be struck by these too. */
const WHEN_CONNECTING: ReadonlySet<string> = new Set(['EHOSTUNREACH', 'ENETUNREACH']);

function neverSent(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  const connecting = 'syscall' in error && error.syscall === 'connect';
  return (
    BEFORE_CONNECTION.has(code) ||
    (connecting && WHEN_CONNECTING.has(code)) ||
    ('cause' in error && neverSent(error.cause))
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

function retryAfterOf(header: unknown): number | null {
  const seconds = typeof header === 'string' ? Number(header) : Number.NaN;
  return Number.isFinite(seconds) && seconds >= 0 ? seconds : null;
}
