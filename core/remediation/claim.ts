import { createHash } from 'node:crypto';

import { z } from 'zod/v4';

import { PipelineError } from '../errors';
import { CUSTOM_RESOURCES, NAMESPACES } from '../names';
import { TASK_STATES } from '../incident/task';

const specSchema = z.object({
  /** The incident's id: one claim, and so one task, for each. */
  incident: z.string().min(1).max(128),
  /** Same for everything that is said of one incident at its source, so that its end finds its claim. */
  fingerprint: z.string().max(128),
  claimedAt: z.iso.datetime(),
  organization: z.string().max(128),
  /** `host/org/name`, in which a pull request counts as the fix; empty when there was none to work on. */
  repository: z.string().max(512),
  /** `project/stack`, or empty when none was given. */
  stack: z.string().max(256),
  promptVersion: z.string().max(64),
  /** The incident's item as JSON, with which the workflow goes on. */
  item: z.string().max(262144),
});
/** What is claimed. It never changes. */
export type ClaimSpec = z.infer<typeof specSchema>;

/**
 * A claim that a store will take, and give again.
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
      nextStep: 'Leave out of the item what the workflow does not need behind Neo Task, before it gets there.',
      incidentId: spec.incident.slice(0, 128),
    },
  );
}

const statusSchema = z.object({
  state: z.enum(TASK_STATES).optional(),
  taskId: z.string().optional(),
  taskCreatedAt: z.iso.datetime().optional(),
  /** When Neo was asked for the task, if that was not at once. */
  askedAt: z.iso.datetime().optional(),
  /** Somebody else has taken it up since then, to look for the task. */
  heldAt: z.iso.datetime().optional(),
  /** The incident was over then; what Neo still does for it has to be ended. */
  overAt: z.iso.datetime().optional(),
  /** These, where Neo was asked again after something was mended. */
  repository: z.string().optional(),
  stack: z.string().optional(),
  /** What was passed on to people, by a key for each: `approval <id>`, `overdue`. */
  told: z.array(z.string()).optional(),
  /** Somebody is passing something on; before this time nobody else does. */
  tellingUntil: z.iso.datetime().optional(),
  /** Set when nothing is left to be done. */
  settledAt: z.iso.datetime().optional(),
  problem: z.string().optional(),
});
/** How it goes with the task; absent fields are not known yet. */
export type ClaimStatus = z.infer<typeof statusSchema>;

/** The claim to an incident's one task, as a store holds it. */
export interface Claim {
  spec: ClaimSpec;
  status: ClaimStatus;
  /** A store's version of it: a write that names another than the latest is refused. */
  version: string;
}

/** Where the claim's task works. */
export function placeOfClaim({ spec, status }: Pick<Claim, 'spec' | 'status'>): { repository: string; stack: string } {
  return { repository: status.repository ?? spec.repository, stack: status.stack ?? spec.stack };
}

/** The custom resource NeoTask (incident-pipeline.internal/v1alpha1). */
export const neoTaskResource = z.object({
  metadata: z.looseObject({ name: z.string(), resourceVersion: z.string() }),
  spec: specSchema,
  status: statusSchema.default({}),
});

/** The same in a row of PostgreSQL. */
export const claimRow = z.object({ spec: specSchema, status: statusSchema, version: z.string() });

/** The name follows from the incident's id, so that a second claim meets the first. */
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

/** Neo is not asked for longer than this, its refusals for being busy and the rests between them included. */
export const ASKING_MS = 4 * 60_000;
/** After this, whoever asked for a task is gone. */
export const LEASE_MS = ASKING_MS + 60_000;

/** When Neo was asked for the claim's task. */
export function askedAt({ spec, status }: Claim): Date {
  return new Date(status.askedAt ?? spec.claimedAt);
}

/** Whether nobody knows yet what became of the request for a task. */
export function isOpen({ status: { taskId, state } }: Claim): boolean {
  return taskId === undefined && state !== 'refused' && state !== 'unknown';
}

/** Whether whoever has taken it up may still be at it. */
export function isHeld(claim: Claim, now: Date): boolean {
  const since = claim.status.heldAt === undefined ? askedAt(claim) : new Date(claim.status.heldAt);
  return now.getTime() - since.getTime() < LEASE_MS;
}

export function isSettled({ status }: Claim): boolean {
  return status.settledAt !== undefined;
}

/** Long enough for a workflow to tell of it, with its retries; after it, it is told again. */
const TELLING_MS = 10 * 60_000;

/** Whether something still has to be told and nobody is at it. */
export function isUntold({ status }: Claim, key: string, now: Date): boolean {
  if (status.told?.includes(key)) return false;
  return status.tellingUntil === undefined || Date.parse(status.tellingUntil) <= now.getTime();
}

export function telling(status: ClaimStatus, now: Date): ClaimStatus {
  return { ...status, tellingUntil: new Date(now.getTime() + TELLING_MS).toISOString() };
}
