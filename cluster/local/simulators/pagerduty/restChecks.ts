/** What the REST API asks of every request, and of every one that writes. */
import type { z } from 'zod/v4';
import type { Asked } from '../http/answer.js';
import { parsedJson, problems } from '../http/json.js';
import type { Account } from './account.js';
import { CODE, invalid, notFound, refusal } from './errors.js';
import type { Incident } from './model.js';
import { reference, type Reference } from './references.js';
import type { World } from './world.js';

const ACCEPT = /application\/vnd\.pagerduty\+json\s*;\s*version=2/;

/** @throws Refusal without a valid token, or without the version that is asked for */
export function checkCaller({ tokens }: Account, { headers }: Asked): void {
  const token = /^Token token=(.+)$/.exec(headers.authorization ?? '')?.[1];
  if (token === undefined || !tokens.includes(token)) throw refusal(401, 'Unauthorized', CODE.authentication);
  // The API's own description requires the header. That PagerDuty may be more lenient is nothing to rely on.
  if (!ACCEPT.test(headers.accept ?? ''))
    throw refusal(406, 'The Accept header must ask for application/vnd.pagerduty+json;version=2', CODE.invalidInput);
}

/**
 * Who writes: the user of the From header. A token of an account is nobody's.
 * @throws Refusal where it is missing, malformed, or of nobody in the account
 */
export function requester(account: Account, { headers: { from } }: Asked): Reference {
  if (from === undefined || from.trim() === '')
    throw refusal(
      400,
      'You must specify a user\'s email address in the "From" header to perform this action',
      CODE.fromMissing,
    );
  if (!/^[^\s@]+@[^\s@]+$/.test(from)) throw refusal(400, 'Malformed "From" header', CODE.malformedFrom);
  const user = account.users.find(({ email }) => email.toLowerCase() === from.toLowerCase());
  if (user === undefined) throw refusal(400, 'Requester User Not Found', CODE.requesterNotFound);
  return reference(account, 'user', user);
}

/** @throws Refusal when the body is no JSON of that form */
export function written<T extends z.ZodType>({ headers, body }: Asked, schema: T): z.output<T> {
  if (!headers['content-type']?.startsWith('application/json')) throw invalid('Content-Type must be application/json');
  const { success, data, error } = schema.safeParse(parsedJson(body.toString('utf8')));
  if (success) return data;
  throw invalid(...problems(error));
}

export function incidentOf({ store }: World, { parts }: Asked): Incident {
  const incident = store.incident(parts.id ?? '');
  if (incident === undefined) throw notFound();
  return incident;
}

/** Classic pagination: 25 a page, 100 at most; a total only for who asks for one. */
export function page({ query }: Asked, name: string, all: unknown[]): Record<string, unknown> {
  const limit = whole(query, 'limit', 25, 1, 100);
  const offset = whole(query, 'offset', 0, 0, 10_000);
  return {
    [name]: all.slice(offset, offset + limit),
    limit,
    offset,
    total: query.get('total') === 'true' ? all.length : null,
    more: offset + limit < all.length,
  };
}

function whole(query: URLSearchParams, name: string, otherwise: number, least: number, most: number): number {
  const text = query.get(name);
  if (text === null) return otherwise;
  const value = Number(text);
  if (!Number.isInteger(value) || value < least || value > most)
    throw invalid(`${name} must be a whole number from ${least} to ${most}`);
  return value;
}
