import { z } from 'zod/v4';

import { TRUST_CLASSES } from '../sources/senders';
import { ALERT_SOURCES } from './alertSource';
import { findingSchema } from './finding';
import { incidentLinkSchema, relatedSchema } from './incidentLink';
import { lateSchema } from './late';
import { ALL_PRIORITIES } from './priority';
import { subjectFor, subjectSchema } from './subject';

const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);
/** A field's value after normalising: text is visible and capped. */
export type Scalar = z.infer<typeof scalar>;

const targetSchema = z.object({
  namespace: z.string(),
  pod: z.string(),
  /** `metadata.uid` as the source reported it; null when the source gave none. */
  podUid: z.string().nullable(),
  container: z.string().nullable(),
  /** Repository and tag. */
  image: z.string().nullable(),
});
/**
 * The pod that an alert is about. Its names have the form that Kubernetes allows; nothing else about them is verified.
 */
export type Target = z.infer<typeof targetSchema>;

const fieldsSchema = z.object({
  /** The incident's id: a hash of what identifies the event, so that an alert which comes again has the same. */
  id: z.string().min(1),
  source: z.enum(ALERT_SOURCES),
  trust: z.enum(TRUST_CLASSES),
  /** `resolved`: the source reports the alert as resolved. It is recorded and starts nothing. */
  status: z.enum(['firing', 'resolved']).default('firing'), // items from before this key lack it
  rule: z.string(),
  priority: z.enum(ALL_PRIORITIES),
  /** When the event happened, by the source's clock. */
  time: z.iso.datetime(),
  receivedAt: z.iso.datetime(),
  target: targetSchema.nullable(),
  /** Why `target` is null. */
  targetProblem: z.string().nullable(),
  /** Untrusted: what the alert is about, for people. The target's pod if there is one. */
  subject: subjectSchema.optional(), // items from before this key lack it and get one below
  tags: z.array(z.string()),
  /** The source's custom fields that say where the workload's code is: git_repo, pulumi_stack, … */
  infrastructure: z.record(z.string(), z.string()),
  /** Untrusted: all other fields of the source. An attacker in the pod can write their values. */
  fields: z.record(z.string(), scalar),
  /** Untrusted: the source's one-line text. */
  output: z.string(),
  /** Alerts of the same rule on the same pod have the same fingerprint. */
  fingerprint: z.string(),
  /** Alerts of the same rule have the same, whatever they are about: a hash of the source's own texts. */
  grouping: z.string().optional(),
  /** A self-test of the pipeline: processed like any other alert, but excluded from the incident metrics. */
  synthetic: z.boolean().default(false), // items from before this key, such as a waiting Approval's, lack it
  /** The finding that it reports, by hashes: the same when PagerDuty reports it. Absent where its sender proves none. */
  finding: findingSchema.optional(),
  /** How its incident let it through. Absent where nothing keeps incidents. */
  incident: incidentLinkSchema.optional(),
  /** That it comes late, and how. Absent for an alert that comes when it is sent. */
  late: lateSchema.optional(),
  /** Other incidents of its workload and namespace in the last hour, the workload's first. Untrusted texts. */
  related: z.array(relatedSchema).optional(),
});

/** The `alert` key of an item: one security alert, normalised. Times are ISO 8601 in UTC, milliseconds. */
export const alertSchema = fieldsSchema.transform((alert) => ({
  ...alert,
  subject: alert.subject ?? subjectFor(alert.source, alert.target),
}));
export type Alert = z.infer<typeof alertSchema>;
