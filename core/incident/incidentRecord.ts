import { z } from 'zod/v4';

import { keepUnknown } from '../keepUnknown';
import { CUSTOM_RESOURCES, NAMESPACES } from '../names';
import { ALERT_SOURCES } from './alertSource';
import { TRUST_CLASSES } from '../sources/senders';
import { ALL_PRIORITIES } from './priority';
import { subjectSchema } from './subject';

/** Sizes of a record, so that nothing that an attacker repeats makes it grow. */
export const RECORD_LIMITS = {
  passes: 64,
  pods: 64,
  samples: 6,
  values: 4,
  value: 256,
  tallies: 20,
  rule: 512,
  reason: 512,
  unfinished: 64,
  deliveries: 16,
  judged: 20,
  /** Keys of one delivery. */
  deliveryKeys: 2,
  /** Bytes of an unfinished pass's alert as JSON. */
  alert: 8192,
} as const;

/** Where an incident stands. Repeats are only counted in all of them but the last. */
export const INCIDENT_STATES = ['Open', 'Waiting', 'Contained', 'Settled'] as const;

/** Why an alert starts the workflow and is not only counted. */
export const PASS_REASONS = ['opened', 'reopened', 'raised', 'joined', 'retried', 'resolved', 'storm', 'acts'] as const;
export type PassReason = (typeof PASS_REASONS)[number];

const passSchema = keepUnknown(
  z.object({
    at: z.iso.datetime(),
    why: z.enum(PASS_REASONS),
    /** The pod that it was about, by uid, else by name; empty without a pod. */
    pod: z.string(),
    /** Whether it may ask a model. */
    model: z.boolean(),
    /** Whether it may notify people. */
    notify: z.boolean(),
  }),
);
export type Pass = z.infer<typeof passSchema>;

const sampleSchema = z.object({ name: z.string(), values: z.array(z.string()) });
/** A fact that differed between the events of an incident, and some of its values. Untrusted, masked. */
export type Sample = z.infer<typeof sampleSchema>;

const tallySchema = z.object({ rule: z.string(), subject: z.string(), count: z.number().int().positive() });
/** How many events of a storm were by one rule about one subject. Untrusted, masked. */
export type Tally = z.infer<typeof tallySchema>;

const unfinishedSchema = keepUnknown(
  z.object({
    /** Which pass: the alert's `incident.key`. */
    key: z.string(),
    /** The pod that it is about, by uid, else by name; empty without a pod. */
    pod: z.string(),
    /** When it was started, or handed to a person, last. */
    at: z.iso.datetime(),
    /** How often it was started. */
    starts: z.number().int().positive(),
    /** How often it was handed to a person, once it was started as often as it may be. */
    handed: z.number().int().positive().optional(),
    /** The alert with which it starts, as JSON. Untrusted, shortened, without the related incidents. */
    alert: z.string(),
  }),
);
/** A pass through the workflow of which the end is not known: it goes on, its process was killed, or a person is being notified. */
export type UnfinishedPass = z.infer<typeof unfinishedSchema>;

const deliverySchema = keepUnknown(
  z.object({
    /** Hashes of what its attempts have in common. */
    keys: z.array(z.string()),
    /** The incident's id that it was answered with. */
    incident: z.string(),
    /** Whether it was counted as a repeat. */
    repeated: z.boolean().optional(),
  }),
);
/** A request that its sender may send again, to be answered as before. */
export type Delivery = z.infer<typeof deliverySchema>;

const judgementSchema = keepUnknown(
  z.object({
    /** The Approval with which a person decided. */
    approval: z.string(),
    at: z.iso.datetime(),
    classification: z.enum(['true_positive', 'false_positive']),
  }),
);
/** What a person made of one of its events. */
export type Judgement = z.infer<typeof judgementSchema>;

const statusSchema = keepUnknown(
  z.object({
    state: z.enum(INCIDENT_STATES),
    /** Why it is in this state, for people. */
    reason: z.string(),
    /** The id of the incident: that of the event that opened it last. */
    incident: z.string(),
    /** How often it was opened. */
    opening: z.number().int().positive(),
    /** The most severe one of its events since it was opened. */
    priority: z.enum(ALL_PRIORITIES),
    firstSeen: z.iso.datetime(),
    lastSeen: z.iso.datetime(),
    /** Events since it was opened, the first included. */
    count: z.number().int().positive(),
    /** How many of them were counted when the workflow was last started. */
    counted: z.number().int().nonnegative(),
    /** How often it started the workflow since it was opened. */
    passed: z.number().int().positive(),
    /** The passes of the last hour. */
    passes: z.array(passSchema),
    /** Pods that passed, by uid, else by name. */
    pods: z.array(z.string()),
    samples: z.array(sampleSchema),
    /** Only of a storm: its events by rule and subject, as far as there is room. */
    tallies: z.array(tallySchema).optional(),
    /** The passes that have begun and not ended, the oldest first. Only where a workflow records how passes end. */
    unfinished: z.array(unfinishedSchema).optional(),
    /** The last deliveries that it has heard of, of a sender that repeats them for hours. */
    deliveries: z.array(deliverySchema).optional(),
    /** What people made of its events, also before it was opened last. */
    judged: z.array(judgementSchema).optional(),
    /** Whether the last pass started nothing, because n8n could not store it. */
    lost: z.boolean().optional(),
    /** Whether it was settled and quiet for so long that it counts for no bound and is related to nothing. */
    archived: z.boolean().optional(),
    /** What was decided last. */
    decision: z.string().optional(),
    changedAt: z.iso.datetime().optional(),
  }),
);
export type IncidentStatus = z.infer<typeof statusSchema>;

const specSchema = z.object({
  source: z.enum(ALERT_SOURCES),
  rule: z.string(),
  subject: subjectSchema.extend({ namespace: z.string().optional() }),
  /** Whether it is of self-tests, which the metrics count apart. */
  synthetic: z.boolean().optional(),
  /** How far its alerts are trusted, where it is not as far as the source's are. */
  trust: z.enum(TRUST_CLASSES).optional(),
  /** The status that it begins with: the API server stores no status with a new object. */
  opened: statusSchema,
});

/**
 * The custom resource Incident (incident-pipeline.internal/v1alpha1): everything that one source reports by one rule about
 * one subject. Its name is derived from these three, so that of several workers one creates it.
 */
export const incidentRecordSchema = z.object({
  metadata: z.looseObject({ name: z.string(), resourceVersion: z.string() }),
  spec: specSchema,
  status: statusSchema.optional(),
});
export type IncidentRecord = z.infer<typeof incidentRecordSchema>;
export type IncidentSpec = IncidentRecord['spec'];

/** A new record, as it is sent. */
export function newIncidentRecord(name: string, spec: IncidentSpec) {
  return {
    apiVersion: CUSTOM_RESOURCES.apiVersion,
    kind: 'Incident',
    metadata: { name, namespace: NAMESPACES.responder },
    spec,
  };
}

export function statusOf({ spec, status }: Pick<IncidentRecord, 'spec' | 'status'>): IncidentStatus {
  return status ?? spec.opened;
}

/** Whether an incident still asks for something: it is being analysed, or a person has to decide. */
export function needsAttention(record: Pick<IncidentRecord, 'spec' | 'status'>): boolean {
  const { state } = statusOf(record);
  return state === 'Open' || state === 'Waiting';
}
