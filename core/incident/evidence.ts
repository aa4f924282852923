import { z } from 'zod/v4';

export const EVIDENCE_KINDS = ['manifest', 'owners', 'logs', 'events', 'node'] as const;

/** One thing that was kept of a pod. */
export const evidencePartSchema = z.object({
  kind: z.enum(EVIDENCE_KINDS),
  /** Which one, such as the container's name. */
  name: z.string(),
  /** Masked text. */
  content: z.string(),
  /** Whether there was more than the limit lets through. */
  truncated: z.boolean(),
});
export type EvidencePart = z.infer<typeof evidencePartSchema>;

/** What was kept of a pod before it was changed. Bounded, and masked where it was read. */
export const evidenceSchema = z.object({
  capturedAt: z.iso.datetime(),
  durationMs: z.number(),
  parts: z.array(evidencePartSchema),
  /** What could not be captured in time, and why. */
  missing: z.array(z.string()),
});
export type Evidence = z.infer<typeof evidenceSchema>;

/** UTF-16 units kept of one part: five parts of this size stay far below n8n's limit of an item. */
export const PART_LIMIT = 64 * 1024;

/** Loki refuses lines over 256 KiB; a unit takes up to six bytes once JSON has escaped it. */
const LINE_UNITS = 32 * 1024;

/** A part in pieces that fit into one log line each, in order. */
export function pieces(content: string): string[] {
  const count = Math.max(1, Math.ceil(content.length / LINE_UNITS));
  return Array.from({ length: count }, (_, index) => content.slice(index * LINE_UNITS, (index + 1) * LINE_UNITS));
}
