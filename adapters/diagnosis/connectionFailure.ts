import { visible } from '../../core/text/sanitize';
import { connectionFailureOf, fill } from '../http/connectionFailures';

/** Why a server gave no answer, in words of the network, and what to do. Both are sentences without an end. */
interface ExplainedFailure {
  problem: string;
  nextStep: string;
}

/** Explains what undici, fetch or a socket threw for this URL. */
export function connectionFailure(url: string, thrown: unknown): ExplainedFailure {
  const { host, at } = addressOf(url);
  const failure = connectionFailureOf(thrown);
  if (failure !== undefined) {
    const values = { host, at, name: at };
    return { problem: fill(failure.problem, values), nextStep: fill(failure.correct, values) };
  }
  const said = visible(innermostMessage(thrown), 300);
  return { problem: `${at} did not answer (${said})`, nextStep: 'Check the address, and that the server runs' };
}

/** A URL's host, and its host and port; the whole text if it is not a URL. */
function addressOf(text: string): { host: string; at: string } {
  if (!URL.canParse(text)) return { host: visible(text, 200), at: visible(text, 200) };
  const { hostname, port, protocol } = new URL(text);
  const standard = protocol === 'https:' ? '443' : '80';
  return { host: hostname, at: `${hostname}:${port === '' ? standard : port}` };
}

/** undici says "fetch failed" and keeps the reason in its cause. */
function innermostMessage(thrown: unknown, depth = 0): string {
  if (typeof thrown !== 'object' || thrown === null) return String(thrown);
  const { message, cause }: { message?: unknown; cause?: unknown } = thrown;
  if (typeof cause === 'object' && cause !== null && depth < 8) return innermostMessage(cause, depth + 1);
  return typeof message === 'string' ? message : 'no reason given';
}
