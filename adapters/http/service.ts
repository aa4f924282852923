import { PipelineError } from '../../core/errors';

/** A plain HTTP service with optional basic authentication. */
export interface HttpService {
  /** How errors call it: "Loki". */
  name: string;
  /** Its address in the credential, to which a request's path is added. */
  url: string;
  username: string;
  password: string;
  /** An address as it may look, for a credential that holds none. */
  example: string;
  /** What to do about an answer that only this service gives; null for those that any server may give. */
  explain?: (answer: WrongAnswer) => string | null;
}

export interface HttpRequest {
  /** What is read by GET may be longer and take longer than what is answered to what is sent. */
  method: 'GET' | 'POST' | 'PUT';
  path: string;
  headers?: Record<string, string>;
  body?: string;
  /** Whether nothing is retried: the caller keeps what it sends, and tries again later. */
  once?: boolean;
  /** Whether a success has no text: a 2xx that says something was not taken, or is another server's. */
  silent?: boolean;
}

/** An answer that is not what was asked for. */
export interface WrongAnswer {
  status: number;
  text: string;
  /** The title of a web page, or "" for one without; null for any other answer. */
  page: string | null;
  /** Where a redirect leads to. */
  location: URL | null;
  /** The header WWW-Authenticate. */
  challenge: string;
  /** What was requested. */
  path: string;
}

/**
 * The whole address of a request.
 * @throws PipelineError `misconfigured` when the credential holds none
 */
export function addressOf({ name, url, example }: HttpService, path: string): URL {
  const base = url.trim().replace(/\/+$/, '');
  const problem = problemOf(base);
  if (problem === null) return new URL(`${base}${path}`);
  throw new PipelineError('misconfigured', `the URL in the ${name} credential ${problem}`, {
    nextStep: `Write it like ${example}: scheme, host and port, and a path only if ${name} is behind one.`,
  });
}

function problemOf(base: string): string | null {
  if (base === '') return 'is empty';
  if (!/^https?:\/\//i.test(base)) return 'does not begin with http:// or https://';
  if (!URL.canParse(base)) return 'is not an address';
  return /[?#]/.test(base) ? 'holds a ? or a #, after which no path can be added' : null;
}

/** The header of basic authentication; none without a user. */
export function basicAuthorization({
  username,
  password,
}: Pick<HttpService, 'username' | 'password'>): Record<string, string> {
  if (username === '') return {};
  return { authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}` };
}
