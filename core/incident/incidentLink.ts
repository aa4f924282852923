import { z } from 'zod/v4';

import { INCIDENT_STATES, PASS_REASONS } from './incidentRecord';
import { ALL_PRIORITIES } from './priority';

/** An alert's `incident` key: the incident that it belongs to, and what this pass through the workflow may cost. */
export const incidentLinkSchema = z.object({
  /** Name of the Incident object. */
  name: z.string(),
  why: z.enum(PASS_REASONS),
  /** Which pass, by which its end is noted. Absent in items from before this key. */
  key: z.string().optional(),
  /** When this pass began. Absent in items from before this key, and where it costs nothing. */
  at: z.iso.datetime().optional(),
  /** Which pass since the incident was opened, counted from 1; of the incident's metrics only the first counts. */
  pass: z.number().int().positive(),
  /** Events since it was opened, this one included. */
  count: z.number().int().positive(),
  /** Events that were only counted since the pass before this one. */
  repeats: z.number().int().nonnegative(),
  /** Events of the opening before this one. Absent if there was none, or if it was reported when it ended. */
  endedEvents: z.number().int().positive().optional(),
  firstSeen: z.iso.datetime(),
  /** Whether this pass may ask a model. */
  model: z.boolean(),
  /** Whether this pass may notify people. */
  notify: z.boolean(),
  /** Why a person has to look at the incident whatever else is decided: a bound was reached. Null otherwise. */
  bound: z.string().nullable(),
  /** Name of the exception whose matches are this incident. */
  exception: z.string().optional(),
});
export type IncidentLink = z.infer<typeof incidentLinkSchema>;

/** Another incident that may belong to the same attack. Rule and subject are masked, bounded and untrusted. */
export const relatedSchema = z.object({
  incident: z.string(),
  source: z.string(),
  rule: z.string(),
  priority: z.enum(ALL_PRIORITIES),
  /** "Deployment shop/checkout". */
  subject: z.string(),
  /** Whether it is about the same workload or pod, and not only in the same namespace. */
  sameSubject: z.boolean(),
  state: z.enum(INCIDENT_STATES),
  decision: z.string().optional(),
  count: z.number().int().positive(),
  firstSeen: z.iso.datetime(),
  lastSeen: z.iso.datetime(),
});
export type Related = z.infer<typeof relatedSchema>;
