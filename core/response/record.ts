import { z } from 'zod/v4';

import { configurationOf, type TargetContext } from '../context/context';
import { CUSTOM_RESOURCES, NAMESPACES } from '../names';
import { encodeLabels } from './originalLabels';

export const RECORD_STATES = [
  'Quarantined',
  'Released',
  'Evicted',
  'Deleted',
  'Gone',
  'Mismatch',
  'Abandoned',
] as const;
export type RecordState = (typeof RECORD_STATES)[number];

const specSchema = z.object({
  incident: z.string(),
  pod: z.object({ namespace: z.string(), name: z.string(), uid: z.string() }),
  owner: z.object({ kind: z.string(), name: z.string(), uid: z.string() }).optional(),
  workload: z.object({ kind: z.string(), name: z.string() }).optional(),
  originalLabels: z.record(z.string(), z.string()).default({}),
  decision: z.object({
    decision: z.enum(['delete_pod', 'quarantine_pod']),
    by: z.enum(['model', 'playbook', 'person', 'contain_first']),
    reason: z.string(),
    approvedBy: z.string().optional(),
  }),
  requestedAt: z.iso.datetime(),
  until: z.iso.datetime(),
});

const statusSchema = z.object({
  /** Absent while the isolation is under way. */
  state: z.enum(RECORD_STATES).optional(),
  contained: z.enum(['full', 'partial']).optional(),
  reasons: z.array(z.string()).optional(),
  detached: z.boolean().optional(),
  quarantinedAt: z.iso.datetime().optional(),
  changedAt: z.iso.datetime().optional(),
  note: z.string().optional(),
  confirmedBy: z.string().optional(),
  toldAt: z.iso.datetime().optional(),
});
export type RecordStatus = z.infer<typeof statusSchema>;

/**
 * The custom resource Quarantine (incident-pipeline.internal/v1alpha1): what release and expiry trust, since the pod
 * itself can be written by others. Named by the pod's uid.
 */
export const recordSchema = z.object({
  metadata: z.looseObject({ name: z.string(), resourceVersion: z.string(), creationTimestamp: z.string().optional() }),
  spec: specSchema,
  status: statusSchema.default({}),
});
export type QuarantineRecord = z.infer<typeof recordSchema>;
export type RecordSpec = QuarantineRecord['spec'];

/** How long a pod stays isolated when nobody has set it. */
const DEFAULT_HOURS = 24;

/** When a quarantine that begins then is due for a person's review. */
export function endOfQuarantine(context: TargetContext, from: Date): string {
  const hours = configurationOf(context)?.quarantineHours ?? DEFAULT_HOURS;
  return new Date(from.getTime() + hours * 3_600_000).toISOString();
}

/** A new record, as it is sent. */
export function newRecord(spec: RecordSpec) {
  return {
    apiVersion: CUSTOM_RESOURCES.apiVersion,
    kind: 'Quarantine',
    metadata: { name: spec.pod.uid, namespace: NAMESPACES.responder },
    spec,
  };
}

/** Whether another record may take this one's place: nothing on the pod relies on it any more, or not yet. */
export function isReplaceable({ status }: QuarantineRecord): boolean {
  return status.state !== 'Quarantined' && status.state !== 'Mismatch';
}

/** Whether a record speaks of a pod that is, or may be, isolated: it stands until the pod is let go or gone. */
export function isOpen(record: QuarantineRecord): boolean {
  return record.status.state === undefined || !isReplaceable(record);
}

/** Whether two records say the same of the pod as it was. */
export function samePodState(one: RecordSpec, other: RecordSpec): boolean {
  return one.pod.uid === other.pod.uid && encodeLabels(one.originalLabels) === encodeLabels(other.originalLabels);
}
