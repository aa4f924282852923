import { createHash } from 'node:crypto';

import { z } from 'zod/v4';

import { subjectSchema } from '../incident/subject';
import type { Proposal } from '../incident/decision';
import { ALL_PRIORITIES } from '../incident/priority';
import { keepUnknown } from '../keepUnknown';
import { CUSTOM_RESOURCES, NAMESPACES } from '../names';
import { TRUST_CLASSES } from '../sources/senders';

/** What a person may choose. `approve` means the proposed decision. */
export const CHOICES = ['approve', 'reject', 'delete_pod', 'quarantine_pod', 'release_pod', 'ignore'] as const;
export type Choice = (typeof CHOICES)[number];

const CHOSEN = ['delete_pod', 'quarantine_pod', 'release_pod', 'ignore'] as const;

/** How many pods can join an Approval (`maxItems` in manifests/crds). */
export const MOST_JOINED = 20;

const executionSchema = z.object({ workflow: z.string(), id: z.string() });
/** The execution of n8n that put something before a person, by its workflow's id and its own. */
export type Execution = z.infer<typeof executionSchema>;

const joinedPodSchema = keepUnknown(
  z.object({
    namespace: z.string(),
    name: z.string(),
    /** Absent when it is unknown: such a pod is shown, and never acted on. */
    uid: z.string().optional(),
    /** Whether the uid is that of the pod that was read, because the alert has none. */
    inferred: z.boolean().optional(),
    /** The time of the pod's own alert. */
    alertTime: z.iso.datetime(),
    joinedAt: z.iso.datetime(),
    execution: executionSchema.optional(),
  }),
);
/** A pod of the same workload that joined the incident while it waited for a person. */
export type JoinedPod = z.infer<typeof joinedPodSchema>;

/**
 * What came while it waited, which a decision keeps. The API server lets the responder append pods and raise the priority
 * while there is no state, and nothing else.
 */
const cameSince = {
  pods: z.array(joinedPodSchema).optional(),
  /** The most severe one of the events since it was requested; absent where none was more severe. */
  priority: z.enum(ALL_PRIORITIES).optional(),
};

/** What became of a decision, which is added to it. */
const carryingOut = {
  /** Absent until its outcome is recorded, or that a person was notified that it was given up. */
  carriedOut: z.enum(['done', 'given_up']).optional(),
  /** How often, and when, it was started again, and then handed to a person, because its outcome was missing. */
  startedAgain: z.number().int().positive().optional(),
  startedAgainAt: z.iso.datetime().optional(),
};

const byPerson = {
  decidedBy: z.string().default('unknown'),
  via: z.enum(['form', 'link', 'timeout']).default('link'),
  decidedAt: z.iso.datetime().optional(),
  /** How many of the Approval's pods the person was shown, from the first on: the decision holds for these. */
  decidedPods: z.number().int().nonnegative().optional(),
  ...cameSince,
  ...carryingOut,
};

const statusSchema = keepUnknown(
  z.discriminatedUnion('state', [
    /** Without a state the incident waits for a person. Once it is set, the API server refuses every change but what became of it. */
    z.object({ state: z.undefined().optional(), ...cameSince }),
    z.object({ state: z.literal('Approved'), decision: z.enum(CHOSEN), ...byPerson }),
    z.object({ state: z.literal('Rejected'), ...byPerson }),
    z.object({
      state: z.literal('Expired'),
      decidedBy: z.string().default('timeout'),
      via: z.enum(['form', 'link', 'timeout']).default('timeout'),
      decidedAt: z.iso.datetime().optional(),
      ...cameSince,
      ...carryingOut,
    }),
  ]),
);
export type ApprovalStatus = z.infer<typeof statusSchema>;
/** The status of an Approval on which a decision was made, or whose time is over. */
export type DecidedStatus = Exclude<ApprovalStatus, { state?: undefined }>;

/**
 * The custom resource Approval (incident-pipeline.internal/v1alpha1): an incident that waits, or waited, for a person.
 */
export const approvalSchema = z.object({
  metadata: z.looseObject({ name: z.string(), resourceVersion: z.string() }),
  spec: z.object({
    incident: z.string(),
    /** Where its alert came from, and how far that is trusted. Approvals from before these keys lack them. */
    source: z.string().optional(),
    trust: z.enum(TRUST_CLASSES).optional(),
    /** What the name is derived from, if not from the incident alone: it is not the incident's first Approval. */
    key: z.string().optional(),
    /** Where the incident was put before a person. */
    execution: executionSchema.optional(),
    requestedAt: z.iso.datetime(),
    expiresAt: z.iso.datetime(),
    pod: z.object({ namespace: z.string(), name: z.string(), uid: z.string().optional() }).optional(),
    /** What the incident is about, a pod or anything else. Approvals from before this key lack it. */
    subject: subjectSchema.extend({ namespace: z.string().optional() }).optional(),
    rule: z.string(),
    priority: z.string(),
    /** The facts for a person's decision, the most important first. */
    facts: z.array(z.object({ name: z.string(), value: z.string() })).optional(),
    proposal: z.object({ decision: z.string(), reason: z.string(), confidence: z.number() }).optional(),
    /** Why the incident needs a person. */
    why: z.string(),
    /** The incident's item, as JSON. */
    item: z.string(),
  }),
  status: statusSchema.default({}),
});
export type Approval = z.infer<typeof approvalSchema>;

/**
 * What the name of an incident's Approval is derived from, so that a second request finds the first. An incident has one;
 * the next round follows when that was decided, or has no room for another pod. The incident's id is that of its opening.
 */
export function approvalKey(incident: string, round = 1): string {
  return round === 1 ? incident : `${incident}/${round}`;
}

/** Which of its incident's Approvals it is, counted from 1. */
export function roundOf({ incident, key }: Pick<Approval['spec'], 'incident' | 'key'>): number {
  const round = key?.startsWith(`${incident}/`) === true ? Number(key.slice(incident.length + 1)) : 1;
  // Approvals from before pods joined them have the pod in their key.
  return Number.isSafeInteger(round) && round > 0 ? round : 1;
}

/** The name of the Approval with this key. */
export function approvalName(key: string): string {
  return `incident-${createHash('sha256').update(key).digest('hex').slice(0, 32)}`;
}

export function newApproval(spec: Approval['spec']) {
  return {
    apiVersion: CUSTOM_RESOURCES.apiVersion,
    kind: 'Approval',
    metadata: { name: approvalName(spec.key ?? spec.incident), namespace: NAMESPACES.responder },
    spec,
  };
}

/** The spec of an incident's Approval of another round. */
export function atRound(spec: Approval['spec'], round: number): Approval['spec'] {
  const { key: _, ...rest } = spec;
  const key = approvalKey(spec.incident, round);
  return key === spec.incident ? rest : { ...rest, key };
}

type Resolution = { state: 'Rejected' } | { state: 'Approved'; decision: (typeof CHOSEN)[number] };

/** The result of a choice: a state and the action, or why the choice is not possible. */
export function chosen(choice: Choice, proposal: Pick<Proposal, 'decision'> | undefined): Resolution | string {
  if (choice === 'reject') return { state: 'Rejected' };
  const decision = choice === 'approve' ? proposal?.decision : choice;
  const known = CHOSEN.find((name) => name === decision);
  return known === undefined
    ? 'nothing was proposed that could be approved: choose an action'
    : { state: 'Approved', decision: known };
}
