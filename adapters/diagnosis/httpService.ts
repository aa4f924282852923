import { sanitize, visible } from '../../core/text/sanitize';
import { PipelineError, type PipelineErrorCode } from '../../core/errors';
import { connectionFailure } from './connectionFailure';
import { jsonOf, knownServerAt } from './knownServers';
import { probe, type ProbeAnswer, type ProbeOptions } from './probe';
import { type ServiceAddress, serviceUrl } from './serviceUrl';

/** A service behind a URL, and how to tell it from any other server. */
export interface TestedService extends ServiceAddress {
  /** A page that needs the service's rights and costs it little. */
  path: string;
  /** Whether its parsed answer has the service's own form. */
  recognises: (json: unknown) => boolean;
  /** What to do when it refuses the login (401) or the rights (403). */
  refused: (status: 401 | 403) => string;
  /** What to do when the service itself knows nothing under the path. */
  notFound?: string;
}

interface ServiceLogin extends Pick<ProbeOptions, 'dispatcher'> {
  url: unknown;
  headers: Record<string, string>;
}

/**
 * Asks a service one question and says what is wrong, whatever is: address, network, TLS, login, or another server.
 * @throws PipelineError whose message names the server and whose next step is for the person at the credential
 */
export async function testHttpService(service: TestedService, { url, ...options }: ServiceLogin): Promise<void> {
  const base = serviceUrl(service, url).href.replace(/\/+$/, '');
  const answer = await answerOf(service, base, options);
  if (service.recognises(jsonOf(answer))) return;
  throw await problemOf(service, base, answer, options);
}

async function answerOf({ name, path }: TestedService, base: string, options: ProbeOptions): Promise<ProbeAnswer> {
  try {
    return await probe(`${base}${path}`, options);
  } catch (error) {
    const { problem, nextStep } = connectionFailure(base, error);
    throw new PipelineError('unreachable', `${name} at ${base} cannot be reached: ${problem}`, {
      nextStep: `${nextStep}.`,
      cause: error,
    });
  }
}

/** What Go's HTTPS servers answer to plain HTTP (net/http), and nginx likewise. */
const WANTS_TLS = /HTTP request to an HTTPS server|plain HTTP request was sent to HTTPS port/i;

async function problemOf(
  service: TestedService,
  base: string,
  answer: ProbeAnswer,
  { dispatcher }: ProbeOptions,
): Promise<PipelineError> {
  const { status, location, text } = answer;
  const problem = (code: PipelineErrorCode, message: string, nextStep: string) =>
    new PipelineError(code, `${service.name} at ${base}: ${message}`, { nextStep });
  if (WANTS_TLS.test(text))
    return problem('misconfigured', 'the server speaks TLS only', 'Begin the URL with https://.');
  if (status >= 300 && status < 400 && location !== null)
    return problem(
      'misconfigured',
      `the server redirects to ${visible(location, 200)}`,
      'Enter the address of the service itself. A redirect often leads to a login page, which a node cannot fill in.',
    );
  if (status === 401 && /no org id/i.test(text))
    return problem('forbidden', 'the server wants a tenant (it answered 401: no org id)', 'Fill in the field Tenant.');
  if (status === 401 || status === 403)
    return problem('forbidden', `the server answered ${status}${said(answer)}`, service.refused(status));
  if (status === 429 || status >= 500)
    return problem('unreachable', `the server answered ${status}${said(answer)}`, 'Check its logs, then test again.');
  const other = await knownServerAt(base, dispatcher);
  if (other !== null && other !== service.name)
    return problem(
      'misconfigured',
      `the server is ${other}`,
      `Enter the address of ${service.name}, for example ${service.example}.`,
    );
  if (isPage(answer))
    return problem(
      'misconfigured',
      `the server answered ${status} with a web page`,
      `Enter the address of the API, for example ${service.example}, and not that of a page or a proxy's login.`,
    );
  if (status === 404 && service.notFound !== undefined)
    return problem('not_found', `the server answered 404${said(answer)}`, service.notFound);
  return problem(
    'misconfigured',
    `the server answered ${status} and is not ${service.name}${said(answer)}`,
    `Check host, port and path, for example ${service.example}.`,
  );
}

const isPage = ({ contentType, text }: ProbeAnswer): boolean =>
  contentType.includes('text/html') || /^\s*<(!doctype|html)/i.test(text);

function said(answer: ProbeAnswer): string {
  const text = sanitize(answer.text.trim(), 200);
  return text === '' || isPage(answer) ? '' : ` (${text})`;
}
