import { createHash } from 'node:crypto';

import { z } from 'zod/v4';

import { PipelineError } from '../errors';
import { ALERT_SOURCES } from '../incident/alertSource';
import { findingSchema } from '../incident/finding';
import { CUSTOM_RESOURCES, NAMESPACES } from '../names';
import { changedStatus, type ClaimStatus, claimStatusSchema, factsOf } from './claimStatus';

const specSchema = z.object({
  /** The incident's id: there is one claim, and so one task, per incident. */
  incident: z.string().min(1).max(128),
  /** The same for all events of one incident at its source, so that its resolution finds its claim. */
  fingerprint: z.string().max(128),
  claimedAt: z.iso.datetime(),
  organization: z.string().max(128),
  /** `host/org/name`, in which a pull request counts as the fix; empty when there was no repository to work on. */
  repository: z.string().max(512),
  /** `project/stack`, or empty when no stack was given. */
  stack: z.string().max(256),
  promptVersion: z.string().max(64),
  /** The incident's item as JSON, with which the workflow continues. */
  item: z.string().max(262144),
  /** What the incident's alert found, and who reported it; absent where that is not known. */
  finding: findingSchema.extend({ source: z.enum(ALERT_SOURCES) }).optional(),
});
/** The claim's content. It never changes. */
export type ClaimSpec = z.infer<typeof specSchema>;

/**
 * Checks that a store can save and return the claim.
 * @throws PipelineError `bad_item`
 */
export function checkedSpec(spec: ClaimSpec): ClaimSpec {
  const result = specSchema.safeParse(spec);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new PipelineError(
    'bad_item',
    `the incident cannot be claimed: ${issue?.path.join('.') ?? 'claim'}: ${issue?.message ?? 'invalid'}`,
    {
      nextStep: 'Before Neo Task, remove from the item what the workflow does not need after it.',
      incidentId: spec.incident.slice(0, 128),
    },
  );
}

/** The claim for an incident's one task, as a store holds it. */
export interface Claim {
  spec: ClaimSpec;
  status: ClaimStatus;
  /** The store's version of the claim: a write that names any other than the latest version is refused. */
  version: string;
}

/** The repository and stack of the claim's task. */
export function placeOfClaim({ spec, status }: Pick<Claim, 'spec' | 'status'>): { repository: string; stack: string } {
  return { repository: status.repository ?? spec.repository, stack: status.stack ?? spec.stack };
}

/** The item that the claim's incident came in. @throws SyntaxError when it was changed to text that is not JSON */
export function itemOfClaim({ spec }: Claim): Record<string, unknown> {
  return JSON.parse(spec.item) as Record<string, unknown>;
}

/** The custom resource NeoTask (incident-pipeline.internal/v1alpha1). */
export const neoTaskResource = z.object({
  metadata: z.looseObject({ name: z.string(), resourceVersion: z.string() }),
  spec: specSchema,
  status: claimStatusSchema.default({}),
});

/** The same as a PostgreSQL row. */
export const claimRow = z.object({ spec: specSchema, status: claimStatusSchema, version: z.string() });

/** The name is derived from the incident's id, so that a second claim finds the first. */
export function neoTaskName(incident: string): string {
  return `incident-${createHash('sha256').update(incident).digest('hex').slice(0, 32)}`;
}

export function newNeoTask(spec: ClaimSpec) {
  return {
    apiVersion: CUSTOM_RESOURCES.apiVersion,
    kind: 'NeoTask',
    metadata: { name: neoTaskName(spec.incident), namespace: NAMESPACES.responder },
    spec,
  };
}

/** Requests to Neo stop after this time, including refusals because Neo is busy and the pauses between retries. */
export const ASKING_MS = 4 * 60_000;
/** After this time, the execution that requested a task no longer runs. */
export const LEASE_MS = ASKING_MS + 60_000;

/** When the claim's task was requested from Neo. */
export function askedAt({ spec, status }: Claim): Date {
  return new Date(status.askedAt ?? spec.claimedAt);
}

/** Whether the result of the request for a task is still unknown. */
export function isOpen({ status }: Claim): boolean {
  return status.state === undefined;
}

/** Whether the execution that holds the claim may still be running. */
export function isHeld(claim: Claim, now: Date): boolean {
  const since = claim.status.heldAt === undefined ? askedAt(claim) : new Date(claim.status.heldAt);
  return now.getTime() - since.getTime() < LEASE_MS;
}

export function isSettled({ status }: Claim): boolean {
  return status.settledAt !== undefined;
}

/** Long enough for a workflow's notification with its retries; after it, the notification is repeated. */
const TELLING_MS = 10 * 60_000;

/** Whether a notification is still due and no execution is sending it. */
export function isUntold({ status }: Claim, key: string, now: Date): boolean {
  const { told, tellingUntil } = factsOf(status);
  if (told?.includes(key)) return false;
  return tellingUntil === undefined || Date.parse(tellingUntil) <= now.getTime();
}

/** The status while this execution sends a notification. */
export function telling(status: ClaimStatus, now: Date): ClaimStatus {
  return changedStatus(status, { tellingUntil: new Date(now.getTime() + TELLING_MS).toISOString() });
}
