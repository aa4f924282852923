/** What the API asks of every request. */
import type { z } from 'zod/v4';
import type { Asked } from '../http/answer.js';
import { parsedJson, problems } from '../http/json.js';
import { refusal } from './errors.js';
import type { Entity } from './requestSchema.js';
import type { NeoUser, Settings } from './settings.js';

const OLDEST_VERSION = 8;

/** @throws Refusal for a client without a token, or one that is not in the organization */
export function checkCaller({ users, organizations }: Settings, { headers, parts }: Asked): NeoUser {
  const token = /^token (.+)$/.exec(headers.authorization ?? '')?.[1];
  const user = users.find((candidate) => candidate.token === token);
  if (user === undefined) throw refusal(401, 'No credentials provided or are invalid.');
  const version = Number(/application\/vnd\.pulumi\+(\d+)/.exec(headers.accept ?? '')?.[1] ?? 0);
  if (version < OLDEST_VERSION) throw refusal(400, `Accept must be application/vnd.pulumi+${OLDEST_VERSION} or newer`);
  const organization = organizations.find(({ name }) => name === parts.org);
  if (organization === undefined) throw refusal(404, `Organization '${parts.org ?? ''}' not found`);
  if (!organization.members.includes(user.login)) throw refusal(403, `not a member of '${organization.name}'`);
  return user;
}

/** @throws Refusal when the body is no JSON of that form */
export function sent<T extends z.ZodType>({ headers, body }: Asked, schema: T): z.output<T> {
  if (!headers['content-type']?.startsWith('application/json')) throw refusal(400, 'Content-Type must be JSON');
  const { success, data, error } = schema.safeParse(parsedJson(body.toString('utf8')));
  if (success) return data;
  throw refusal(400, problems(error).join('; '));
}

/**
 * The entities that a task gets of those that it was asked for with: what Neo does not know is left out silently.
 * @throws Refusal for a stack that is not there, not accessible or empty
 */
export function admitted({ stacks, repositories }: Settings, organization: string, entities: Entity[]): Entity[] {
  return entities.filter((entity) => {
    if (entity.type === 'repository')
      return repositories?.some(({ org, name }) => org === entity.org && name === entity.name) ?? true;
    if (entity.type !== 'stack') return true;
    const { project, name } = entity;
    const stack = stacks.find(
      (candidate) =>
        candidate.organization === organization && candidate.project === project && candidate.name === name,
    );
    if (stack?.accessible !== true) throw refusal(400, `stack '${project}/${name}' not found or not accessible`);
    if (stack.resources === 0) throw refusal(400, `stack '${project}/${name}' is empty`);
    return true;
  });
}

/** A page of 1 to 1000, and the token for the next. */
export function page<T>({ query }: Asked, all: T[]): { items: T[]; continuationToken?: string } {
  const size = Number(query.get('pageSize') ?? 100);
  if (!Number.isInteger(size) || size < 1 || size > 1000) throw refusal(400, 'pageSize must be between 1 and 1000');
  const token = query.get('continuationToken');
  const from = token === null ? 0 : offsetOf(token);
  const next = from + size;
  const items = all.slice(from, next);
  return next < all.length ? { items, continuationToken: tokenFor(next) } : { items };
}

const tokenFor = (offset: number): string => Buffer.from(`after ${offset}`).toString('base64url');

function offsetOf(token: string): number {
  const offset = /^after (\d+)$/.exec(Buffer.from(token, 'base64url').toString())?.[1];
  if (offset === undefined) throw refusal(400, 'invalid continuationToken');
  return Number(offset);
}
