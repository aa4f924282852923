import { visible } from '../../core/text/sanitize';
import { PipelineError } from '../../core/errors';

/** What the address of a service looks like. */
export interface ServiceAddress {
  /** As people call the service: "Loki". */
  name: string;
  /** For the error text: `http://loki.monitoring:3100`. */
  example: string;
  /** A path that belongs to the API and not to the address, and that people paste with it. */
  apiPath: RegExp;
}

/**
 * The URL that was filled in for a service, checked.
 * @throws PipelineError `misconfigured`
 */
export function serviceUrl({ name, example, apiPath }: ServiceAddress, text: unknown): URL {
  const wrong = (problem: string, nextStep: string) =>
    new PipelineError('misconfigured', `the URL of ${name} ${problem}`, { nextStep });
  if (typeof text !== 'string' || text.trim() === '') throw wrong('is empty', `Enter it, for example ${example}.`);
  const shown = visible(text, 200);
  if (!/^https?:\/\//i.test(text))
    throw wrong(
      `"${shown}" does not begin with http:// or https://`,
      `Enter it with its scheme, for example ${example}.`,
    );
  if (!URL.canParse(text) || /\s/.test(text)) throw wrong(`"${shown}" is not a URL`, `Enter it like ${example}.`);
  const url = new URL(text);
  if (url.username !== '' || url.password !== '')
    throw wrong('holds a user or a password', 'Put them into the fields User and Password, which n8n encrypts.');
  if (url.search !== '' || url.hash !== '')
    throw wrong(`"${shown}" has a query or a fragment`, `Leave out what comes after the address, as in ${example}.`);
  if (apiPath.test(url.pathname))
    throw wrong(
      `"${shown}" ends in a path of the API`,
      `Enter the address alone, as in ${example}: the node adds the path.`,
    );
  return url;
}
