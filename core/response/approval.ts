import { createHash } from 'node:crypto';

import { z } from 'zod/v4';

import { podKey } from '../folding/key';
import type { Alert } from '../incident/alert';
import { subjectSchema } from '../incident/subject';
import type { Proposal } from '../incident/decision';
import { CUSTOM_RESOURCES, NAMESPACES } from '../names';

/** What a person may choose. `approve` means the proposed decision. */
export const CHOICES = ['approve', 'reject', 'delete_pod', 'quarantine_pod', 'release_pod', 'ignore'] as const;
export type Choice = (typeof CHOICES)[number];

const CHOSEN = ['delete_pod', 'quarantine_pod', 'release_pod', 'ignore'] as const;

const byPerson = {
  decidedBy: z.string().default('unknown'),
  via: z.enum(['form', 'link', 'timeout']).default('link'),
  decidedAt: z.iso.datetime().optional(),
};

const statusSchema = z.discriminatedUnion('state', [
  /** Without a state the incident waits for a person. Once it is set, the API server refuses every change. */
  z.object({ state: z.undefined().optional() }),
  z.object({ state: z.literal('Approved'), decision: z.enum(CHOSEN), ...byPerson }),
  z.object({ state: z.literal('Rejected'), ...byPerson }),
  z.object({
    state: z.literal('Expired'),
    decidedBy: z.string().default('timeout'),
    via: z.enum(['form', 'link', 'timeout']).default('timeout'),
    decidedAt: z.iso.datetime().optional(),
  }),
]);
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
    /** What the name is derived from, if not from the incident alone: a pod that joined it is decided on by itself. */
    key: z.string().optional(),
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
 * What an alert's Approval is for: its incident, so that a second request finds the first. A pod that joined the incident
 * has one of its own: nobody decides on a pod that they were not shown.
 */
export function approvalKey({ id, incident, target }: Pick<Alert, 'id' | 'incident' | 'target'>): string {
  return incident?.why === 'joined' && target !== null ? `${id}/${podKey({ target })}` : id;
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
