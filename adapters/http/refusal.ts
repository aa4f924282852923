import { sanitize } from '../../core/text/sanitize';
import { PipelineError, type PipelineErrorCode } from '../../core/errors';
import type { HttpService, WrongAnswer } from './service';

/** Of an answer, in an error's message. */
const LONGEST_QUOTE = 500;

/** The error for an answer that is not what was asked for: what came, from where, and what to do next. */
export function refusal(service: HttpService, url: URL, answer: WrongAnswer): PipelineError {
  const message = `${service.name} at ${shown(url)} answered ${answer.status}${detail(answer)}`;
  return new PipelineError(codeOf(answer.status), message, {
    nextStep: service.explain?.(answer) ?? generalStep(service, url, answer),
    status: answer.status,
  });
}

/** An address without what it holds of user and password. */
export function shown(url: URL): string {
  return sanitize(`${url.origin}${url.pathname}`, LONGEST_QUOTE);
}

function codeOf(status: number): PipelineErrorCode {
  if (status === 401 || status === 403 || status === 407) return 'forbidden';
  return status === 408 || status === 429 || status >= 500 ? 'unreachable' : 'rejected';
}

function detail({ status, location, page, text }: WrongAnswer): string {
  if (isRedirect(status))
    return location === null ? ', a redirect without an address' : `, a redirect to ${shown(location)}`;
  if (page !== null) return ` with a web page${page === '' ? '' : `: "${sanitize(page, LONGEST_QUOTE)}"`}`;
  const said = sanitize(text.trim(), LONGEST_QUOTE);
  return said === '' ? '' : `: ${said}`;
}

function generalStep(service: HttpService, url: URL, answer: WrongAnswer): string {
  const { name } = service;
  const { status, page, text } = answer;
  if (isRedirect(status)) return redirectStep(service, url, answer);
  if (page !== null && status < 300)
    return `A web page, such as a login or Grafana, stands at this address: set the URL in the ${name} credential to the address of ${name} itself, such as ${service.example}.`;
  if (/HTTP request (?:was sent )?to (?:an )?HTTPS/i.test(text) || /HTTPS port/i.test(`${page ?? ''}${text}`))
    return `The server wants TLS: write the URL in the ${name} credential with https://.`;
  switch (status) {
    case 401:
      return authenticationStep(service, url, answer);
    case 403:
      return `${name}, or a proxy in front of it, knows who asks and refuses: allow this user, or n8n's address or ServiceAccount, to send there.`;
    case 404:
    case 405:
      return `${name} is not at this address. The URL in the ${name} credential ends before ${answer.path}; behind a proxy with a path prefix it ends with the prefix.`;
    case 407:
      return `A proxy between n8n and ${name} wants a login of its own: let n8n reach ${name} without it.`;
    case 413:
      return `A limit for the size of requests is too low. Raise it to 8 MB in the proxy in front of ${name} (nginx: client_max_body_size; ingress-nginx: annotation proxy-body-size).`;
    case 429:
      return `${name} takes no more for now. Look at its limits, then run the step again.`;
    case 502:
    case 503:
    case 504:
      return page === null
        ? `${name} is not ready: look at its pods and logs, then run the step again.`
        : `A proxy answers, and ${name} behind it does not: check that ${name} runs and that the proxy finds it.`;
    default:
      return status === 408 || status >= 500
        ? `${name} is overloaded or unhealthy: look at its logs, then run the step again.`
        : `${name} does not take what was sent; its answer says why.`;
  }
}

function redirectStep({ name }: HttpService, url: URL, { location, path }: WrongAnswer): string {
  const set = `set the URL in the ${name} credential to`;
  if (location === null) return `Find out where ${name} is, and ${set} that address.`;
  const base = `${location.origin}${location.pathname}`.replace(/\/+$/, '');
  if (!base.endsWith(path))
    return `Another page stands in front of ${name}, such as the login of a proxy: ${set} an address that needs no browser, such as ${name}'s Service in the cluster.`;
  return `${url.origin}${url.pathname}` === base
    ? `The address redirects to itself: a proxy in front of ${name} expects another scheme or header. Use the address behind the proxy.`
    : `Redirects are not followed, since user and password would go along: ${set} ${sanitize(base.slice(0, -path.length), LONGEST_QUOTE)}.`;
}

function authenticationStep({ name, username }: HttpService, url: URL, { challenge }: WrongAnswer): string {
  if (/\bbearer\b/i.test(challenge) && !/\bbasic\b/i.test(challenge))
    return `${name} wants a bearer token, which the ${name} credential cannot send: use an address of ${name} that takes user and password, or none.`;
  if (username === '' && url.username !== '')
    return `Move user and password from the URL into the fields User and Password of the ${name} credential.`;
  if (username === '') return `${name} wants a login: set User and Password in the ${name} credential.`;
  return `Check User and Password in the ${name} credential.`;
}

function isRedirect(status: number): boolean {
  return status >= 300 && status < 400;
}
