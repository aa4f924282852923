import { z } from 'zod/v4';

import { LABELS, QUARANTINED_VALUE } from '../names';

export const RESPONSE_MODES = ['observe', 'supervised', 'autonomous'] as const;
/** What a namespace allows: watch only, act after approval, act. The value of its `security/response` label. */
export type ResponseMode = (typeof RESPONSE_MODES)[number];

const ownerSchema = z.object({ kind: z.string(), name: z.string(), uid: z.string() });

const podSchema = z.object({
  name: z.string(),
  uid: z.string(),
  createdAt: z.iso.datetime(),
  phase: z.string(),
  /** When its deletion was asked for, or null. */
  deletingSince: z.iso.datetime().nullable(),
  node: z.string().nullable(),
  serviceAccount: z.string().nullable(),
  labels: z.record(z.string(), z.string()),
  quarantined: z.boolean(),
  /** Such a pod uses its node's network, to which no NetworkPolicy applies. */
  hostNetwork: z.boolean(),
  /** The controller that owns it, or null for a bare pod. */
  owner: ownerSchema.nullable(),
});
export type PodContext = z.infer<typeof podSchema>;

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
  pod: podSchema,
  namespace: z.object({ name: z.string(), mode: z.enum(RESPONSE_MODES) }),
  /** The owner and how many of its replicas are ready; null for a bare pod or an owner that cannot be read. */
  workload: z.object({ kind: z.string(), name: z.string(), desired: z.number(), ready: z.number() }).nullable(),
  events: z.array(eventSchema),
  /** What could not be read, and why. It narrows what a reader knows, never what policy checks. */
  missing: z.array(z.string()),
});

const absentSchema = z.object({
  /** `gone`: no pod of that name. `replaced`: a pod of that name, with another uid. `unavailable`: not readable. */
  status: z.enum(['gone', 'replaced', 'unavailable']),
  readAt: z.iso.datetime(),
  detail: z.string(),
});

/** The `context` key of an item: what the API server says of the alert's pod. Times are ISO 8601 in UTC. */
export const contextSchema = z.discriminatedUnion('status', [foundSchema, absentSchema]);
export type TargetContext = z.infer<typeof contextSchema>;
export type FoundContext = z.infer<typeof foundSchema>;

/** Reads a namespace's mode from its labels. What is absent or not a known mode is `observe`. */
export function responseMode(namespaceLabels: Readonly<Record<string, string>>): ResponseMode {
  const label = namespaceLabels[LABELS.response];
  return RESPONSE_MODES.find((mode) => mode === label) ?? 'observe';
}

/** Whether a pod bears the quarantine label. */
export function isQuarantined(podLabels: Readonly<Record<string, string>>): boolean {
  return podLabels[LABELS.quarantined] === QUARANTINED_VALUE;
}
