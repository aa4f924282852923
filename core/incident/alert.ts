import { z } from 'zod/v4';

import { ALL_PRIORITIES } from './priority';
import { subjectFor, subjectSchema } from './subject';

/**
 * How far a source's word is trusted. `kernel`: observed by Falco and delivered over an authenticated hop; may act.
 * `report`: its target can be written by tenants; may not.
 */
export const TRUST_CLASSES = ['kernel', 'report'] as const;
export type TrustClass = (typeof TRUST_CLASSES)[number];

/** What an alert came from; `review` is our own, about what is due. */
export const ALERT_SOURCES = ['falco', 'alertmanager', 'trivy', 'kyverno', 'pagerduty', 'review'] as const;

const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);
/** A field's value after normalising: text is visible and capped. */
export type Scalar = z.infer<typeof scalar>;

const targetSchema = z.object({
  namespace: z.string(),
  pod: z.string(),
  /** `metadata.uid` as the source saw it; null when it did not say. */
  podUid: z.string().nullable(),
  container: z.string().nullable(),
  /** Repository and tag. */
  image: z.string().nullable(),
});
/** The pod that an alert is about. Its names have the form that Kubernetes allows; nothing else is known of them. */
export type Target = z.infer<typeof targetSchema>;

const fieldsSchema = z.object({
  /** The incident's id: the source's event id where it has one, else a hash of the alert. */
  id: z.string().min(1),
  source: z.enum(ALERT_SOURCES),
  trust: z.enum(TRUST_CLASSES),
  /** `resolved`: the source says that it is over. It is recorded and starts nothing. */
  status: z.enum(['firing', 'resolved']).default('firing'), // items from before this key have none
  rule: z.string(),
  priority: z.enum(ALL_PRIORITIES),
  /** When the event happened, by the source's clock. */
  time: z.iso.datetime(),
  receivedAt: z.iso.datetime(),
  target: targetSchema.nullable(),
  /** Why `target` is null. */
  targetProblem: z.string().nullable(),
  /** Untrusted: what it is about, for people. The target's pod, where there is one. */
  subject: subjectSchema.optional(), // items from before this key have none, and get one below
  tags: z.array(z.string()),
  /** What the source's custom fields say of the code behind the workload: git_repo, pulumi_stack, … */
  infrastructure: z.record(z.string(), z.string()),
  /** Untrusted: everything else the source said, written by whoever runs in the pod. */
  fields: z.record(z.string(), scalar),
  /** Untrusted: the source's one-line text. */
  output: z.string(),
  /** Same rule on the same pod: the same fingerprint. */
  fingerprint: z.string(),
  /** A self-test of the pipeline: acted on like any other, and kept out of the incidents' metrics. */
  synthetic: z.boolean().default(false), // items from before this key, such as a waiting Approval's, have none
});

/** The `alert` key of an item: one security alert, normalised. Times are ISO 8601 in UTC, milliseconds. */
export const alertSchema = fieldsSchema.transform((alert) => ({
  ...alert,
  subject: alert.subject ?? subjectFor(alert.source, alert.target, null),
}));
export type Alert = z.infer<typeof alertSchema>;
