import { z } from 'zod/v4';

import type { Target } from '../incident/alert';
import { configurationOf, type FoundContext, type TargetContext } from '../incident/context';
import { FINAL_STATES, type FinalState, ISOLATING, isOpenState } from '../incident/quarantineState';
import { reportingSchema } from '../incident/reporting';
import { keepUnknown } from '../keepUnknown';
import { CUSTOM_RESOURCES, NAMESPACES } from '../names';
import type { Gap } from './gap';
import { encodeLabels } from './originalLabels';
import { REVIEW_CAUSES } from './reviewCause';

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

const containment = {
  contained: z.enum(['full', 'partial']),
  /** The containment gaps. */
  gaps: z.array(z.object({ key: z.string(), text: z.string() })),
  /** Whether the pod's own labels were removed. */
  detached: z.boolean(),
};
const notified = {
  /** When a person was last notified. */
  toldAt: z.iso.datetime().optional(),
  /** What a person is being notified of. */
  reporting: reportingSchema.extend({ cause: z.enum(REVIEW_CAUSES) }).optional(),
};
const history = {
  quarantinedAt: z.iso.datetime().optional(),
  changedAt: z.iso.datetime().optional(),
  note: z.string().optional(),
  confirmedBy: z.string().optional(),
  ...notified,
};
/** The last verified containment of a pod that is no longer known to be isolated, if there was one. */
const lastContainment = z.object(containment).partial().shape;

const statusSchema = keepUnknown(
  z.discriminatedUnion('state', [
    /** Without a state the isolation is in progress: nothing about containment is known. */
    z.object({ state: z.undefined().optional(), ...notified }),
    /** A verified isolation; what its record lacks counts as not contained. */
    z.object({
      state: z.literal('Quarantined'),
      contained: containment.contained.default('partial'),
      gaps: containment.gaps.default([]),
      detached: containment.detached.default(false),
      ...history,
    }),
    z.object({ state: z.literal('Mismatch'), ...lastContainment, ...history }),
    z.object({ state: z.enum(FINAL_STATES), ...lastContainment, ...history }),
  ]),
);
export type RecordStatus = z.infer<typeof statusSchema>;
export type ReviewReport = NonNullable<RecordStatus['reporting']>;
type Isolating = Extract<RecordStatus, { state?: undefined }>;

type Containment = z.infer<z.ZodObject<typeof containment>>;

/** A change of a record's status. */
export type RecordChange =
  /** A person is being notified. */
  | { reporting: ReviewReport }
  /** A person was notified. */
  | { toldAt: string; reporting: undefined }
  /** The containment of an isolated pod is another. */
  | (Pick<Containment, 'contained' | 'gaps'> & { changedAt: string; reporting?: ReviewReport })
  /** The isolation was verified. */
  | ({ state: 'Quarantined'; quarantinedAt: string; changedAt: string; confirmedBy?: string } & Containment)
  /** The pod does not match its record, or the isolation ended. */
  | {
      state: 'Mismatch' | FinalState;
      changedAt: string;
      note?: string;
      toldAt?: string;
      reporting?: ReviewReport | undefined;
    };

/** The status after a change; what the new state does not know is dropped. */
export function changedStatus(status: RecordStatus, change: RecordChange): RecordStatus {
  return statusSchema.parse({ ...status, ...change });
}

/** What a record says besides its state; nothing while the isolation is in progress. */
export function factsOf({ status }: Pick<QuarantineRecord, 'status'>): Partial<Exclude<RecordStatus, Isolating>> {
  return status.state === undefined ? {} : status;
}

/** The containment gaps that a record names. */
export function gapsOfRecord(record: Pick<QuarantineRecord, 'status'>): readonly Gap[] {
  return factsOf(record).gaps ?? [];
}

/**
 * The custom resource Quarantine (incident-pipeline.internal/v1alpha1). Release and expiry trust this record, because
 * others can change the pod itself. There is one per isolation of a pod; its name identifies the pod and the isolation.
 */
export const recordSchema = z.object({
  metadata: z.looseObject({ name: z.string(), resourceVersion: z.string(), creationTimestamp: z.string().optional() }),
  spec: specSchema,
  status: statusSchema.default({}),
});
export type QuarantineRecord = z.infer<typeof recordSchema>;
export type RecordSpec = QuarantineRecord['spec'];

/** How long a pod stays isolated if no duration is configured. */
const DEFAULT_HOURS = 24;

/** When a quarantine that begins at `from` is due for a person's review. */
export function endOfQuarantine(context: TargetContext, from: Date): string {
  const hours = configurationOf(context)?.quarantineHours ?? DEFAULT_HOURS;
  return new Date(from.getTime() + hours * 3_600_000).toISOString();
}

/**
 * The name of a pod's record: the pod's uid for its first isolation, `<uid>.2` for the second. Concurrent isolations of
 * a pod compute the same name, and the API server lets only one of them create it.
 */
export function recordName(uid: string, isolation = 1): string {
  return isolation === 1 ? uid : `${uid}.${isolation}`;
}

/** Whether a record of this name is about a pod, as the API server verified when it was created. */
export function isNameOfRecord(name: string, uid: string): boolean {
  return name === uid || name.startsWith(`${uid}.`);
}

/** Which isolation of its pod a record is about, counted from 1. */
export function isolationOf({ metadata, spec }: Pick<QuarantineRecord, 'metadata' | 'spec'>): number {
  const [, count] = metadata.name.slice(spec.pod.uid.length).split('.');
  return count === undefined ? 1 : Number(count);
}

/** A new record, as it is sent. */
export function newRecord(spec: RecordSpec, isolation = 1) {
  return {
    apiVersion: CUSTOM_RESOURCES.apiVersion,
    kind: 'Quarantine',
    metadata: { name: recordName(spec.pod.uid, isolation), namespace: NAMESPACES.responder },
    spec,
  };
}

/** The record of each pod's last isolation, by the pod's uid: the open one, or the one that ended last. */
export function latestRecords(records: readonly QuarantineRecord[]): Map<string, QuarantineRecord> {
  const latest = new Map<string, QuarantineRecord>();
  for (const record of records) {
    const { uid } = record.spec.pod;
    const known = latest.get(uid);
    if (known === undefined || isLater(record, known)) latest.set(uid, record);
  }
  return latest;
}

/** Ended records may have been deleted, so a later isolation can have a lower number. */
function isLater(record: QuarantineRecord, known: QuarantineRecord): boolean {
  return isOpen(record) === isOpen(known) ? isolationOf(record) > isolationOf(known) : isOpen(record);
}

/** The state of a record as items and people see it. */
export function stateOf({ status }: Pick<QuarantineRecord, 'status'>): string {
  return status.state ?? ISOLATING;
}

/** Whether a record's pod is, or may be, isolated: a record is open until the pod is released or gone. */
export function isOpen(record: Pick<QuarantineRecord, 'status'>): boolean {
  return isOpenState(stateOf(record));
}

/** Whether a record is about the pod that an alert names: the sender of a uid may send another pod's name with it. */
export function isOf({ spec }: QuarantineRecord, { namespace, pod, podUid }: Target): boolean {
  return spec.pod.namespace === namespace && spec.pod.name === pod && spec.pod.uid === podUid;
}

/** A record as an item's context has it; null without one. */
export function quarantineOf(record: QuarantineRecord | undefined): FoundContext['quarantine'] {
  if (record === undefined) return null;
  const { incident, until, workload } = record.spec;
  return { state: stateOf(record), incident, until, ...(workload === undefined ? {} : { workload }) };
}

/** When the last isolation of each pod ended, by the pod's uid; pods that are, or may be, isolated are not included. */
export function endedAt(records: readonly QuarantineRecord[]): Map<string, string> {
  const ended = [...latestRecords(records)].filter(([, record]) => !isOpen(record));
  return new Map(ended.map(([uid, record]) => [uid, factsOf(record).changedAt ?? record.spec.requestedAt]));
}

/** Whether two records describe the same original state of the pod. */
export function samePodState(one: RecordSpec, other: RecordSpec): boolean {
  return one.pod.uid === other.pod.uid && encodeLabels(one.originalLabels) === encodeLabels(other.originalLabels);
}
