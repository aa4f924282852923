import { z } from 'zod/v4';

import { LABELS, QUARANTINED_VALUE } from '../names';
import { BYPASS_KINDS } from './bypass';
import { exceptionNoteSchema } from './exception';
import { RESPONSE_MODES } from './mode';
import { podFactsSchema } from './podFacts';
import { type Configuration, policyReadingSchema } from './responsePolicy';

const ownerSchema = z.object({ kind: z.string(), name: z.string(), uid: z.string() });

const podSchema = z.object({
  name: z.string(),
  uid: z.string(),
  createdAt: z.iso.datetime(),
  phase: z.string(),
  /** When its deletion was requested, or null. */
  deletingSince: z.iso.datetime().nullable(),
  node: z.string().nullable(),
  serviceAccount: z.string().nullable(),
  labels: z.record(z.string(), z.string()),
  annotations: z.record(z.string(), z.string()),
  /** Has the quarantine label. Only our own record shows whether the pod is really quarantined. */
  marked: z.boolean(),
  ready: z.boolean(),
  /** The mirror of a static pod: its node runs it from a file, regardless of the API server. */
  mirror: z.boolean(),
  resourceVersion: z.string(),
  /** Such a pod uses its node's network, to which no NetworkPolicy applies. */
  hostNetwork: z.boolean(),
  /** Isolation bypasses in the pod's specification, such as a privileged container. */
  bypasses: z.array(z.object({ kind: z.enum(BYPASS_KINDS), detail: z.string() })),
  /** The controller that owns it, or null for a bare pod. */
  owner: ownerSchema.nullable(),
});
export type PodContext = z.infer<typeof podSchema>;

export const workloadSchema = z.object({
  /** The pod's controller, whose replicas are counted. */
  kind: z.string(),
  name: z.string(),
  desired: z.number(),
  ready: z.number(),
  /** Pods of the top owner that are in quarantine according to our records, without the alert's own pod. */
  contained: z.number(),
  /** Their uids, so that a concurrent reservation does not count any of them twice. */
  containedPods: z.array(z.string()).optional(),
  /** The top owner, such as the Deployment behind a ReplicaSet. Budgets are counted per top owner. */
  top: z.object({ kind: z.string(), name: z.string() }),
});
export type WorkloadContext = z.infer<typeof workloadSchema>;

const eventSchema = z.object({
  type: z.string(),
  reason: z.string(),
  message: z.string(),
  count: z.number(),
  lastSeen: z.iso.datetime().nullable(),
});

const foundSchema = z.object({
  status: z.literal('found'),
  readAt: z.iso.datetime(),
  /** Facts about the pod that nothing in it can forge. First, because a model reads from the top. */
  facts: podFactsSchema.optional(), // items from before this key lack it
  pod: podSchema,
  namespace: z.object({
    name: z.string(),
    mode: z.enum(RESPONSE_MODES),
    /** When its deletion was requested, or null. Its pods and policies are deleted with it, in any order. */
    deletingSince: z.iso.datetime().nullable(),
  }),
  /** Null for a bare pod or an owner that cannot be read. */
  workload: workloadSchema.nullable(),
  /** What our own record says about the pod, or null when there is no record. */
  quarantine: z
    .object({
      state: z.string(),
      incident: z.string(),
      until: z.iso.datetime(),
      /** The top owner when the pod was isolated: a detached pod no longer has one. */
      workload: z.object({ kind: z.string(), name: z.string() }).optional(),
    })
    .nullable(),
  /** The exception that matches the alert, if there is one. */
  exception: exceptionNoteSchema.optional(),
  /** Configuration and budget; absent only if they were not read. */
  policy: policyReadingSchema,
  /**
   * Age of the oldest reading used, milliseconds: 0 when everything was read now, else the time since its watch last
   * reported.
   */
  readingAgeMs: z.number(),
  events: z.array(eventSchema),
  /** What could not be read, and why. It limits what a reader sees, never what the decision policy checks. */
  missing: z.array(z.string()),
});

const absentSchema = z.object({
  /**
   * `gone`: there is no pod of that name. `replaced`: the pod of that name has another uid. `unavailable`: not
   * readable.
   */
  status: z.enum(['gone', 'replaced', 'unavailable']),
  readAt: z.iso.datetime(),
  detail: z.string(),
});

/** The `context` key of an item: what the API server says about the alert's pod. Times are ISO 8601 in UTC. */
export const contextSchema = z.discriminatedUnion('status', [foundSchema, absentSchema]);
export type TargetContext = z.infer<typeof contextSchema>;
export type FoundContext = z.infer<typeof foundSchema>;

/** Whether a pod has the quarantine label. */
export function isMarked(podLabels: Readonly<Record<string, string>>): boolean {
  return podLabels[LABELS.quarantined] === QUARANTINED_VALUE;
}

/** The administrator's settings, or null when they were not read. */
export function configurationOf(context: TargetContext | undefined): Configuration | null {
  return context?.status === 'found' && context.policy.status === 'read' ? context.policy.configuration : null;
}
