import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { Permit } from './permit';

/** What is known of a request before its body. */
export interface Head {
  url: string;
  headers: IncomingHttpHeaders;
  /** The address at the other end of the connection. */
  caller: string;
}

/**
 * The same text for two requests that differ only where the permit allows it. Null for a request without one of the
 * headers, or whose body is no JSON that can be written again.
 */
export function likenessOf(head: Head, body: Buffer, permit: Permit): string | null {
  return digestOf(head, body, permit.same, (content) => fixedPart(content, mayDiffer(permit)));
}

/**
 * The same text for two requests with the same address, headers of these names, and part of the body. Null for a request
 * without one of the headers or without the part, or whose body is no JSON that can be written again.
 */
export function digestOf(
  { url, headers }: Head,
  body: Buffer,
  same: readonly string[],
  partOf: (content: unknown) => unknown,
): string | null {
  const values = same.map((name) => headers[name]);
  if (values.includes(undefined)) return null;
  try {
    const part = partOf(JSON.parse(body.toString('utf8')));
    if (part === undefined) return null;
    return createHash('sha256')
      .update(JSON.stringify([url, values, part]))
      .digest('base64');
  } catch (error) {
    // Too deep a nesting is a RangeError.
    if (error instanceof SyntaxError || error instanceof RangeError) return null;
    throw error;
  }
}

/** A value without what may differ. Paths are two names deep: no deeper do alerts have fields. */
function fixedPart(value: unknown, isOpen: (path: string) => boolean, above = ''): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const fields = Object.entries(value)
    .filter(([name]) => !isOpen(`${above}${name}`))
    .map(([name, each]): [string, unknown] => [name, above === '' ? fixedPart(each, isOpen, `${name}/`) : each]);
  // A list of pairs, which no field of the sender's can look like, whatever its name.
  return { fields };
}

function mayDiffer({ differ }: Permit): (path: string) => boolean {
  const exact = new Set(differ.filter((path) => !path.endsWith('*')));
  const prefixes = differ.filter((path) => path.endsWith('*')).map((path) => path.slice(0, -1));
  return (path) => exact.has(path) || prefixes.some((prefix) => path.startsWith(prefix));
}
