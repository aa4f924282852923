import { z } from 'zod/v4';

export const EVIDENCE_KINDS = ['manifest', 'owners', 'logs', 'events', 'node'] as const;

/** One piece of evidence about a pod. */
const evidencePartSchema = z.object({
  kind: z.enum(EVIDENCE_KINDS),
  /** Which one, such as the container's name. */
  name: z.string(),
  /** Masked text. */
  content: z.string(),
  /** Whether the content was longer than the limit. */
  truncated: z.boolean(),
});
export type EvidencePart = z.infer<typeof evidencePartSchema>;

/** Evidence captured from a pod before it was changed. Bounded, and masked when it was read. */
export const evidenceSchema = z.object({
  capturedAt: z.iso.datetime(),
  durationMs: z.number(),
  parts: z.array(evidencePartSchema),
  /** What could not be captured in time, and why. */
  missing: z.array(z.string()),
});
export type Evidence = z.infer<typeof evidenceSchema>;

/** UTF-16 units kept of one part: five parts of this size stay far below n8n's item limit. */
export const PART_LIMIT = 64 * 1024;

/** Loki refuses lines over 256 KiB; one unit takes up to six bytes after JSON escaping. */
const LINE_UNITS = 32 * 1024;

/** Splits a part into pieces that each fit into one log line, in order. */
export function pieces(content: string): string[] {
  const count = Math.max(1, Math.ceil(content.length / LINE_UNITS));
  return Array.from({ length: count }, (_, index) => content.slice(index * LINE_UNITS, (index + 1) * LINE_UNITS));
}
