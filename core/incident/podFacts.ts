import { z } from 'zod/v4';

import { BYPASS_KINDS } from './bypass';

/** `container`: one that serves, sidecars included; `ephemeral`: a person added it through the API (kubectl debug). */
export const CONTAINER_KINDS = ['container', 'init', 'ephemeral', 'unknown'] as const;
export type ContainerKind = (typeof CONTAINER_KINDS)[number];

/** Where a pod's specification declares a command. */
export const DECLARED_PLACES = [
  'command',
  'liveness_probe',
  'readiness_probe',
  'startup_probe',
  'post_start_hook',
  'pre_stop_hook',
] as const;
export type DeclaredPlace = (typeof DECLARED_PLACES)[number];

/** `own`: some everyday right, such as to list pods; `powerful`: one that reaches beyond its namespace's work. */
export const RIGHTS_CLASSES = ['none', 'own', 'powerful', 'unknown'] as const;
export type RightsClass = (typeof RIGHTS_CLASSES)[number];

export const historySchema = z.object({
  /**
   * Earlier incidents of this rule, of this image where records name images, else of this workload. An Incident resource
   * names no image and does not say when it was opened before: it counts how often, since it exists. Judgements are those of
   * the last 14 days.
   */
  incidents: z.number().int().nonnegative(),
  /** Of how many workloads they were. */
  workloads: z.number().int().nonnegative(),
  /** How many of them a person judged to be no attack, and an attack. */
  falsePositives: z.number().int().nonnegative(),
  truePositives: z.number().int().nonnegative(),
});
export type History = z.infer<typeof historySchema>;

/**
 * What the API server and our own records say of an alert's pod, and what nothing that runs in the pod can write. Only
 * `declared` and `parentDeclared` compare texts of the alert, so that they must never make an answer weaker than the rule's. What could not be read is named in
 * `missing` and never assumed.
 */
export const podFactsSchema = z.object({
  /** The container that the alert is about. */
  container: z.object({
    kind: z.enum(CONTAINER_KINDS),
    name: z.string().nullable(),
    /** Whether its image is named by a digest, which nobody can move to another image. */
    pinned: z.boolean().nullable(),
    /** The digest of the image that it runs. Absent where the API server does not say, and in items from before this key. */
    digest: z.string().optional(),
    startedAt: z.iso.datetime().nullable(),
    /** How long it had run when it did what the alert is about, seconds. Null when that is not known, as in older items. */
    ranSeconds: z.number().nullable().default(null),
    restarts: z.number().int().nonnegative().nullable(),
  }),
  /** Programs that the specification of this container starts, by base names: its command, probes and hooks. */
  programs: z.array(z.string()),
  /** Where the specification declares the command line that the alert names, or null. Forgeable. */
  declared: z.enum(DECLARED_PLACES).nullable(),
  /** The same for the command line of its parent. Forgeable. */
  parentDeclared: z.enum(DECLARED_PLACES).nullable(),
  /** Kind of the controller that owns the pod, or null for a bare pod. */
  owner: z.string().nullable(),
  /** Whether it runs to its end and is not restarted then, as a job, a CI step or a one-off task does. */
  runsOnce: z.boolean(),
  serviceAccount: z.object({
    name: z.string(),
    /** Whether it has one of its own, and not the namespace's default. */
    own: z.boolean(),
    /** Whether a container mounts its token; null when the specification does not say. */
    tokenMounted: z.boolean().nullable(),
    rights: z.enum(RIGHTS_CLASSES),
    /** What it may do of what was asked for. */
    may: z.array(z.string()),
  }),
  /** Isolation bypasses of the specification, as in the context's pod. */
  access: z.array(z.enum(BYPASS_KINDS)),
  hostNetwork: z.boolean(),
  /** Null when it was not read. */
  history: historySchema.nullable(),
  missing: z.array(z.string()),
});
export type PodFacts = z.infer<typeof podFactsSchema>;
