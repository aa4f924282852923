import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

import { ApiException } from '@kubernetes/client-node';
import { z } from 'zod/v4';

import type { Cluster } from '../../../cluster/local/kubernetes/client';
import type { Stack } from '../../../cluster/local/stack';
import { NAMESPACES, SERVICE_ACCOUNT } from '../../../core/names';

const RESPONDER = `system:serviceaccount:${NAMESPACES.responder}:${SERVICE_ACCOUNT}`;

const READING = ['get', 'list', 'watch'];

const entrySchema = z.object({
  user: z.object({ username: z.string() }),
  verb: z.string(),
  requestReceivedTimestamp: z.string(),
  responseStatus: z.object({ code: z.number() }).optional(),
  objectRef: z
    .object({
      resource: z.string(),
      subresource: z.string().optional(),
      namespace: z.string().default(''),
      name: z.string().default(''),
    })
    .optional(),
});

/** Something that the responder asked of the API server. */
export interface Change {
  verb: string;
  /** With its subresource: `pods/eviction`. */
  resource: string;
  namespace: string;
  /** Empty for an object whose name the API server makes up. */
  name: string;
  /** The HTTP status that the API server answered. */
  code: number;
  /** When the API server got the request, ISO 8601. */
  at: string;
}

/**
 * Leaves a trace of its own in the audit log: what stands between two marks came between them, and a mark that is not
 * found means that the log has been rotated away.
 */
export async function mark({ core }: Cluster): Promise<string> {
  const name = `mark-${randomUUID()}`;
  await core.readNamespacedConfigMap({ namespace: NAMESPACES.responder, name }).catch((error: unknown) => {
    if (!(error instanceof ApiException && error.code === 404)) throw error;
  });
  return name;
}

/** Everything that the responder changed, or tried to, between two marks. */
export function changesBetween(stack: Stack, from: string, to: string): Change[] {
  return callsBetween(stack, from, to).filter(({ verb }) => !READING.includes(verb));
}

/** Everything that the responder asked for between two marks, granted or not, as the API server itself wrote it down. */
export function callsBetween(stack: Stack, from: string, to: string): Change[] {
  const lines = auditLines(stack.auditLog);
  const timeOf = (name: string): string => {
    const line = lines.find((candidate) => candidate.includes(name));
    if (line === undefined) throw new Error(`${name} is not in ${stack.auditLog}, nor in the file before it`);
    return entrySchema.parse(JSON.parse(line)).requestReceivedTimestamp;
  };
  const [since, until] = [timeOf(from), timeOf(to)];
  return lines
    .filter((line) => line.includes(RESPONDER))
    .map((line) => entrySchema.parse(JSON.parse(line)))
    .filter(({ user }) => user.username === RESPONDER)
    .filter(({ requestReceivedTimestamp: time }) => time >= since && time <= until)
    .map(({ verb, objectRef, responseStatus, requestReceivedTimestamp: at }) => ({
      at,
      verb,
      resource: [objectRef?.resource, objectRef?.subresource].filter(Boolean).join('/'),
      namespace: objectRef?.namespace ?? '',
      name: objectRef?.name ?? '',
      code: responseStatus?.code ?? 0,
    }));
}

/** The lines of the log and of the file that it was last rotated into, which has the time in its name. */
function auditLines(path: string): string[] {
  const folder = dirname(path);
  const stem = basename(path, '.log');
  return readdirSync(folder)
    .filter((file) => file.startsWith(stem) && file.endsWith('.log'))
    .flatMap((file) => readFileSync(join(folder, file), 'utf8').trim().split('\n'));
}
