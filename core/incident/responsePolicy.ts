import { z } from 'zod/v4';

import { keepUnknown } from '../keepUnknown';
import { PRIORITIES } from './priority';
import { BYPASS_KINDS } from './bypass';
import { RESPONSE_MODES } from './mode';

const count = z.number().int().positive();
const percent = z.number().int().min(1).max(100);

/** One unit taken from the budget: one pod of one workload, once. Times are ISO 8601 in UTC. */
const reservationSchema = keepUnknown(
  z.object({
    /** The pod's uid. */
    pod: z.string(),
    namespace: z.string(),
    /** `Kind/name` of the top owner; all pods without a controller count as one workload. */
    workload: z.string(),
    incident: z.string(),
    at: z.iso.datetime(),
  }),
);
export type Reservation = z.infer<typeof reservationSchema>;

/** Also used for items and objects from before this field. */
const DEFAULT_FLOOR = 2;

const budgetSchema = z.object({
  windowMinutes: count,
  perWorkload: count,
  perNamespace: count,
  perCluster: count,
  /** A namespace takes at most this share of the cluster's budget. */
  namespaceSharePercent: percent,
  /** A namespace may take this many units even if the cluster's budget is spent. */
  namespaceFloor: z.number().int().nonnegative().default(DEFAULT_FLOOR),
});
export type BudgetLimits = z.infer<typeof budgetSchema>;

/** What one incident, and all of them together, may cost. Also used for objects from before this field, and without a cluster. */
export const DEFAULT_INCIDENT_BOUNDS = {
  activePerNamespace: 50,
  activePerCluster: 500,
  passesPerHour: 30,
  passesPerPodHour: 6,
  modelPassesPerHour: 4,
  modelPassesPerClusterHour: 120,
  notificationsPerHour: 4,
  notificationsPerClusterHour: 60,
  namespaceFloor: 2,
  quietMinutes: 60,
} as const;

const incidentBoundsSchema = z.object({
  /** Incidents of one namespace that nobody has settled or that started the workflow within the hour; then a storm is reported. */
  activePerNamespace: count,
  activePerCluster: count,
  /** How often one incident starts the workflow within an hour; beyond it, its events are only counted. */
  passesPerHour: count,
  /** How many of these passes may be about one pod, so that one pod's noise never uses up those of another. */
  passesPerPodHour: count,
  /** How many of these passes may ask a model, and how many of all incidents' together. */
  modelPassesPerHour: z.number().int().nonnegative(),
  modelPassesPerClusterHour: z.number().int().nonnegative(),
  /** How many of these passes may notify people, and how many of all incidents' together. */
  notificationsPerHour: count,
  notificationsPerClusterHour: count,
  /** How many of either a namespace's incidents may have within the hour even if the cluster's are spent. */
  namespaceFloor: z.number().int().nonnegative().default(DEFAULT_FLOOR),
  /** An incident that waits for nobody is settled after so many minutes without an event. */
  quietMinutes: count,
});
export type IncidentBounds = z.infer<typeof incidentBoundsSchema>;

/** Also used for objects from before this field. */
const DEFAULT_RETENTION_DAYS = 30;

/**
 * The cluster administrator's settings: the spec of the custom resource ResponsePolicy `default`, with all defaults
 * filled in by the API server. The responder reads it and has no right to change it.
 */
const configurationSchema = z.object({
  mode: z.enum(RESPONSE_MODES),
  /** The cluster's name, as its alerts have it. Absent where it is not to be compared. */
  clusterName: z.string().optional(),
  minimumConfidence: z.object({ deletePod: z.number(), quarantinePod: z.number() }),
  /** Alerts below this priority never lead to a deletion. */
  deleteFrom: z.enum(PRIORITIES),
  /**
   * Whether a pod is deleted on a model's proposal alone, when the playbook would not delete it. Absent in a
   * ResponsePolicy from before this key.
   */
  deleteOnModel: z.boolean().default(false),
  /** The same for an isolation, and for ignoring what the playbook would ask a person about. */
  quarantineOnModel: z.boolean().default(false),
  ignoreOnModel: z.boolean().default(false),
  /** Alerts of this priority and above are not ignored without a person. */
  ignoreBelow: z.enum(PRIORITIES),
  /** Alerts of this priority and above are ended by no exception. Absent in a ResponsePolicy from before this key. */
  exceptionsBelow: z.enum(PRIORITIES).default('error'),
  /** At most this share of a workload's replicas is contained at the same time. */
  workloadSharePercent: percent,
  quarantineHours: count,
  approvalHours: count,
  /** Records in a final state that nobody changed for so long are pruned. */
  retentionDays: z.number().int().min(1).max(3650).default(DEFAULT_RETENTION_DAYS),
  budget: budgetSchema,
  incidents: incidentBoundsSchema.default(DEFAULT_INCIDENT_BOUNDS),
  containFirst: z.object({
    /** Namespaces that opted in to isolation before the analysis. */
    namespaces: z.array(z.string()),
    /** Rules that trigger it; empty means the playbook's own list. */
    rules: z.array(z.string()),
    /** Kinds besides ReplicaSet that may be isolated this way: StatefulSet, DaemonSet, Job, Pod (a bare one). */
    kinds: z.array(z.string()),
  }),
  /** Where a person finds more. Absent in a ResponsePolicy from before this key. */
  links: z.object({ grafanaUrl: z.string().optional(), lokiDatasource: z.string().optional() }).optional(),
  /** What the administrator attests about the cluster's network; only a probe can verify it. */
  network: z.object({ enforced: z.boolean(), cutsOpenConnections: z.boolean() }),
  /** Isolation bypasses despite which a pod is still quarantined; its containment is then partial. */
  isolateDespite: z.array(z.enum(BYPASS_KINDS)),
});
export type Configuration = z.infer<typeof configurationSchema>;

/** The fields read from the custom resource ResponsePolicy (incident-pipeline.internal/v1alpha1). */
export const responsePolicySchema = z.object({
  metadata: z.looseObject({ name: z.string(), resourceVersion: z.string() }),
  spec: configurationSchema,
  status: keepUnknown(
    z.object({
      reservations: z.array(reservationSchema).default([]),
      /** When the responder last looked for records to prune. */
      prunedAt: z.string().optional(),
    }),
  ).default({ reservations: [] }),
});
export type ResponsePolicy = z.infer<typeof responsePolicySchema>;

/** What could be read of the configuration and the budget for an incident's context. */
export const policyReadingSchema = z.discriminatedUnion('status', [
  z.object({
    status: z.literal('read'),
    configuration: configurationSchema,
    /** Why no unit of the budget is left for this pod, or null. */
    exhausted: z.string().nullable(),
  }),
  z.object({ status: z.literal('unreadable'), detail: z.string() }),
]);
export type PolicyReading = z.infer<typeof policyReadingSchema>;
