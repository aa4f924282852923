import { z } from 'zod/v4';

import { NAMESPACES, SERVICE_ACCOUNT } from '../../core/names.js';

const RESPONDER = `system:serviceaccount:${NAMESPACES.responder}:${SERVICE_ACCOUNT}`;

/** The verbs that change a pod, and what the responder does by them when nobody releases a pod. */
const ACTS: Readonly<Record<string, Act['what']>> = { patch: 'isolated', delete: 'deleted' };

const entrySchema = z.object({
  user: z.object({ username: z.string() }),
  verb: z.string(),
  requestURI: z.string(),
  responseStatus: z.object({ code: z.number() }),
  objectRef: z.object({
    resource: z.string(),
    subresource: z.string().optional(),
    namespace: z.string(),
    name: z.string(),
  }),
});

/** Something that the responder did to a pod, by the API server's audit log. */
export interface Act {
  /** `namespace/name`. In a run no two pods have the same. */
  pod: string;
  what: 'isolated' | 'deleted';
}

/** What a line of the audit log says was done to a pod, or null: of another user, another object, refused, or a dry run. */
export function actIn(line: string): Act | null {
  if (!line.includes(RESPONDER)) return null;
  const { data: entry } = entrySchema.safeParse(parsed(line));
  if (entry?.user.username !== RESPONDER) return null;
  const { verb, requestURI, responseStatus, objectRef } = entry;
  const what = ACTS[verb];
  if (what === undefined || objectRef.resource !== 'pods' || objectRef.subresource !== undefined) return null;
  if (responseStatus.code < 200 || responseStatus.code > 299 || /[?&]dryRun=/.test(requestURI)) return null;
  return { pod: `${objectRef.namespace}/${objectRef.name}`, what };
}

/** The pods that were isolated, or deleted, more than once, each with what was repeated. */
export function repeatedActs(acts: readonly Act[]): { pod: string; what: Act['what']; times: number }[] {
  const counts = new Map<string, Act & { times: number }>();
  for (const { pod, what } of acts) {
    const key = `${what} ${pod}`;
    counts.set(key, { pod, what, times: (counts.get(key)?.times ?? 0) + 1 });
  }
  return [...counts.values()].filter(({ times }) => times > 1);
}

/** The end of a line is missing where the API server was killed while it wrote. */
function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}
