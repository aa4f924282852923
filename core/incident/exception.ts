import { z } from 'zod/v4';

import { keepUnknown } from '../keepUnknown';
import { reportingSchema } from './reporting';

/** Of an Exception's texts, in UTF-16 units; the custom resource has the same. */
export const EXCEPTION_LIMITS = { rule: 512, image: 512, parent: 256, command: 512, owner: 256, reason: 1024 } as const;

/** The longest that an exception counts, whatever it says of its end. */
export const EXCEPTION_DAYS = 90;

/** How a command line is compared: Falco's operators of the same names, never a regular expression. */
export const COMMAND_OPERATORS = ['=', 'startswith', 'endswith', 'contains', 'glob'] as const;
export type CommandOperator = (typeof COMMAND_OPERATORS)[number];

const matchSchema = z.object({
  /** Of the pod, as the API server has it. */
  namespace: z.string().min(1),
  /** The pod's top owner; of a pod without one `Pod` and its name. */
  workload: z.object({ kind: z.string().min(1), name: z.string().min(1) }).optional(),
  /** Repository of the image that the container has by its pod's specification, without tag and digest. */
  image: z.string().min(1).max(EXCEPTION_LIMITS.image).optional(),
  /** Name of the parent process. Code in the pod chooses it. */
  parent: z.string().min(1).max(EXCEPTION_LIMITS.parent).optional(),
  /** The command line. Code in the pod chooses it. */
  command: z
    .object({ operator: z.enum(COMMAND_OPERATORS), value: z.string().min(1).max(EXCEPTION_LIMITS.command) })
    .optional(),
});
export type ExceptionMatch = z.infer<typeof matchSchema>;

const specSchema = z.object({
  /** Only what Falco observed in the kernel; a report can be written to match. */
  source: z.literal('falco').default('falco'),
  rule: z.string().min(1).max(EXCEPTION_LIMITS.rule),
  match: matchSchema,
  owner: z.string().min(1).max(EXCEPTION_LIMITS.owner),
  reason: z.string().min(1).max(EXCEPTION_LIMITS.reason),
  expiresAt: z.iso.datetime({ offset: true }),
  /** The incident that a person judged a false positive. */
  incident: z.string().min(1).max(128).optional(),
});
export type ExceptionSpec = z.infer<typeof specSchema>;

const statusSchema = keepUnknown(
  z.object({
    /** Events that it matched, as far as they were written down. */
    matches: z.number().int().nonnegative().default(0),
    lastMatched: z.iso.datetime().optional(),
    /** When people were last notified that it matches nothing, or has ended. */
    toldAt: z.iso.datetime().optional(),
    /** That people are being notified of it. */
    reporting: reportingSchema.optional(),
  }),
);
export type ExceptionStatus = z.infer<typeof statusSchema>;

/**
 * The custom resource Exception (incident-pipeline.internal/v1alpha1): a person's standing verdict that a rule's alerts
 * about one subject are false positives. People create it; its spec never changes; the responder writes its status.
 */
export const exceptionSchema = z.object({
  metadata: z.looseObject({
    name: z.string(),
    resourceVersion: z.string(),
    creationTimestamp: z.iso.datetime({ offset: true }),
  }),
  spec: specSchema,
  status: statusSchema.default({ matches: 0 }),
});
export type Exception = z.infer<typeof exceptionSchema>;

/** An exception that matches an item's alert: part of `context`. */
export const exceptionNoteSchema = z.object({
  name: z.string(),
  owner: z.string(),
  reason: z.string(),
  /** When it ends, ISO 8601 in UTC. */
  endsAt: z.iso.datetime(),
});
export type ExceptionNote = z.infer<typeof exceptionNoteSchema>;

const DAY_MS = 24 * 3_600_000;

/** When an exception ends: as it says, and at most 90 days after it was made. */
export function endOfException({ metadata, spec }: Pick<Exception, 'metadata' | 'spec'>): Date {
  const latest = Date.parse(metadata.creationTimestamp) + EXCEPTION_DAYS * DAY_MS;
  return new Date(Math.min(Date.parse(spec.expiresAt), latest));
}
