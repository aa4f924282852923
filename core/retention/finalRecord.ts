import { z } from 'zod/v4';

/** The kinds of records that are pruned. */
export const RETAINED_KINDS = ['Incident', 'Approval', 'Quarantine', 'NeoTask'] as const;
export type RetainedKind = (typeof RETAINED_KINDS)[number];

/** One version of a record in a final state. Times are ISO 8601, by the API server's clock. */
export const finalRecordSchema = z.object({
  kind: z.enum(RETAINED_KINDS),
  name: z.string().min(1).max(253),
  uid: z.string().min(1).max(64),
  resourceVersion: z.string().min(1).max(64),
  createdAt: z.iso.datetime(),
  /** When anybody wrote to it last. */
  changedAt: z.iso.datetime(),
});
export type FinalRecord = z.infer<typeof finalRecordSchema>;

/**
 * How much longer than the administrator said a record is kept. Admission measures by a time that the API server noted
 * before the pruning began, and refuses what is not old enough by then.
 */
const MARGIN_MS = 3_600_000;

const DAY_MS = 24 * 3_600_000;

/** Whether nobody has changed a record for as long as the ResponsePolicy says. */
export function isExpired(
  { createdAt, changedAt }: Pick<FinalRecord, 'createdAt' | 'changedAt'>,
  retentionDays: number,
  now: Date,
): boolean {
  const before = now.getTime() - retentionDays * DAY_MS - MARGIN_MS;
  return Date.parse(createdAt) <= before && Date.parse(changedAt) <= before;
}

const written = z.object({
  metadata: z.object({
    name: z.string(),
    uid: z.string(),
    resourceVersion: z.string(),
    creationTimestamp: z.iso.datetime(),
    managedFields: z.array(z.object({ time: z.iso.datetime() })).min(1),
  }),
});

/**
 * A record by what the API server itself notes of it: nothing here is what its writer said. Null when the API server's
 * notes were removed, so that nobody knows how old it is.
 */
export function finalRecordOf(kind: RetainedKind, object: unknown): FinalRecord | null {
  const result = written.safeParse(object);
  if (!result.success) return null;
  const { name, uid, resourceVersion, creationTimestamp, managedFields } = result.data.metadata;
  const changedAt = managedFields.map(({ time }) => time).reduce((one, other) => (other > one ? other : one));
  return { kind, name, uid, resourceVersion, createdAt: creationTimestamp, changedAt };
}
