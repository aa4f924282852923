import {
  type Claim,
  type ClaimSpec,
  type ClaimStatus,
  isBeingAsked,
  isSettled,
  telling,
} from '../../core/remediation/claim';
import type { NeoTask } from '../../core/remediation/task';
import { report } from '../../core/remediation/report';
import type { PulumiCloudAccess } from './call';
import type { ClaimStore } from './claimStore';
import { createTask, type Creation, lookForTask } from './create';
import { consoleUrl, type TaskRequest } from './tasks';

export interface Opened {
  task: NeoTask;
  /** Whether this call started the task, or found it again after somebody died; else it was there before. */
  ours: boolean;
}

/** What is wanted for an incident: a task, or to have it said why there can be none. */
export type Wanted = { request: TaskRequest } | { refused: string };

/** Why there is no task although everything was in order to ask for one. */
const LONGEST_PROBLEM = 2000;

/**
 * Gives an incident its one task. The claim is made before Neo is asked, and only who made it asks: Neo would take the
 * same request twice. A claim whose maker died before it knew the task's id is looked up at Neo, and never asked again.
 */
export async function openTask(
  access: PulumiCloudAccess,
  store: ClaimStore,
  spec: ClaimSpec,
  wanted: Wanted,
): Promise<Opened> {
  const { claim, mine } = await store.claim(spec);
  if (mine)
    return 'refused' in wanted
      ? ended(access, store, claim, { result: 'refused', problem: wanted.refused })
      : ask(access, store, claim, wanted.request);
  const { taskId, state } = claim.status;
  // Neo said no, and what was wrong may have been mended since. Nobody asks twice at once: one of them gets the claim.
  if (taskId === undefined && state === 'refused')
    return 'refused' in wanted ? known(access, claim) : askAgain(access, store, claim, spec, wanted.request);
  if (taskId !== undefined || state === 'unknown' || isSettled(claim) || isBeingAsked(claim, new Date()))
    return known(access, claim);
  return takeOver(access, store, claim);
}

async function ask(access: PulumiCloudAccess, store: ClaimStore, claim: Claim, wanted: TaskRequest): Promise<Opened> {
  const askedAt = new Date();
  const created = await createTask(access, wanted, askedAt);
  if (created.result !== 'uncertain') return ended(access, store, claim, created);
  return settleByLooking(access, store, claim, askedAt, created.problem);
}

async function askAgain(
  access: PulumiCloudAccess,
  store: ClaimStore,
  claim: Claim,
  { repository, stack }: ClaimSpec,
  wanted: TaskRequest,
): Promise<Opened> {
  const taken = await store.update(claim, { askedAt: new Date().toISOString(), repository, stack });
  return taken === null ? known(access, claim) : ask(access, store, taken, wanted);
}

/** Somebody claimed the incident and was not heard of again. */
export async function takeOver(access: PulumiCloudAccess, store: ClaimStore, claim: Claim): Promise<Opened> {
  const askedAt = new Date(claim.status.askedAt ?? claim.spec.claimedAt);
  const taken = await store.update(claim, { ...claim.status, askedAt: new Date().toISOString() });
  if (taken === null) return known(access, claim);
  return settleByLooking(access, store, taken, askedAt, 'whoever asked Neo for it ended before the answer was kept');
}

async function settleByLooking(
  access: PulumiCloudAccess,
  store: ClaimStore,
  claim: Claim,
  askedAt: Date,
  why: string,
): Promise<Opened> {
  const { found, problem } = await lookForTask(access, claim.spec.incident, askedAt);
  if (found !== null) return ended(access, store, claim, { result: 'made', id: found });
  const looked =
    problem === null ? 'none of Neo’s tasks bears its reference' : `Neo’s tasks could not be read (${problem})`;
  return ended(access, store, claim, { result: 'uncertain', problem: `${why}; ${looked}` });
}

async function ended(access: PulumiCloudAccess, store: ClaimStore, claim: Claim, end: Creation): Promise<Opened> {
  const now = new Date();
  const { repository, stack, askedAt } = claim.status;
  const kept = { repository, stack, askedAt };
  const status: ClaimStatus =
    end.result === 'made'
      ? { ...kept, state: 'running', taskId: end.id, taskCreatedAt: now.toISOString() }
      : // Whoever gets this answer tells of it; the review does if that is not confirmed.
        telling(
          {
            ...kept,
            state: end.result === 'refused' ? 'refused' : 'unknown',
            problem: end.problem.slice(0, LONGEST_PROBLEM),
          },
          now,
        );
  const written = (await store.update(claim, status)) ?? { ...claim, status };
  return { task: reported(access, written, now), ours: true };
}

function known(access: PulumiCloudAccess, claim: Claim): Opened {
  return { task: reported(access, claim, new Date()), ours: false };
}

function reported(access: PulumiCloudAccess, claim: Claim, now: Date): NeoTask {
  return report(claim, { state: claim.status.state ?? 'claimed' }, (id) => consoleUrl(access, id), now);
}
