import { messageOf } from '../../core/errors';
import { type Claim, isBeingAsked, isUntold, telling } from '../../core/remediation/claim';
import { report, tellingKey } from '../../core/remediation/report';
import { type NeoTask, type TaskState } from '../../core/remediation/task';
import type { PulumiCloudAccess } from './call';
import type { ClaimStore } from './claimStore';
import { LOOKS_MS } from './create';
import { mark } from './mark';
import { takeOver } from './openTask';
import { cancelTask, consoleUrl } from './tasks';
import { watchClaim } from './watchTask';

/** A task of which people have to be told, and the item that its incident came in. */
export interface News {
  item: Record<string, unknown>;
  task: NeoTask;
}

export interface Review {
  news: News[];
  /** Claims that could not be looked at, each with the reason; they are looked at again. */
  problems: string[];
}

/**
 * Looks at every claim of which something is left to be done, and gives what people do not know yet. Each piece of news is
 * held back from others for some minutes: if it was not confirmed by then, it comes again.
 */
export async function review(
  access: PulumiCloudAccess,
  store: ClaimStore,
  now: Date,
  overdueMs: number,
  looksMs: readonly number[] = LOOKS_MS,
): Promise<Review> {
  const claims = (await store.unsettled()).filter(({ spec }) => spec.organization === access.organization);
  const found: Review = { news: [], problems: [] };
  for (const claim of claims) {
    try {
      const news = isLost(claim)
        ? await takenOver(access, store, claim, now, looksMs)
        : await look(access, store, claim, now, overdueMs);
      if (news !== null) found.news.push(news);
    } catch (error) {
      found.problems.push(`incident ${claim.spec.incident}: ${messageOf(error)}`);
    }
  }
  return found;
}

/** Whether nobody knows what became of the request for a task. */
function isLost({ status: { taskId, state } }: Claim): boolean {
  return taskId === undefined && state !== 'refused' && state !== 'unknown';
}

/** Whoever takes a claim over has it to tell of; nobody else does for some minutes. */
async function takenOver(
  access: PulumiCloudAccess,
  store: ClaimStore,
  claim: Claim,
  now: Date,
  looksMs: readonly number[],
): Promise<News | null> {
  if (isBeingAsked(claim, now)) return null;
  const { task, ours } = await takeOver(access, store, claim, looksMs);
  return ours && tellingKey(task) !== null ? { item: itemOf(claim), task } : null;
}

async function look(
  access: PulumiCloudAccess,
  store: ClaimStore,
  claim: Claim,
  now: Date,
  overdueMs: number,
): Promise<News | null> {
  const task = await currentTask(access, claim, now, overdueMs);
  const key = tellingKey(task);
  if (key === null || !isUntold(claim, key, now)) return null;
  const taken = await store.update(claim, telling({ ...claim.status, state: task.state }, now));
  return taken === null ? null : { item: itemOf(claim), task };
}

async function currentTask(access: PulumiCloudAccess, claim: Claim, now: Date, overdueMs: number): Promise<NeoTask> {
  const { taskId, state, taskCreatedAt } = claim.status;
  if (taskId === undefined) return describe(access, claim, state ?? 'unknown', now);
  const seen = await watchClaim(access, claim, now);
  const age = now.getTime() - Date.parse(taskCreatedAt ?? claim.spec.claimedAt);
  return seen.state === 'running' && age > overdueMs ? describe(access, claim, 'overdue', now) : seen;
}

function describe(access: PulumiCloudAccess, claim: Claim, state: TaskState, now: Date): NeoTask {
  return report(claim, { state }, (id) => consoleUrl(access, id), now);
}

function itemOf({ spec }: Claim): Record<string, unknown> {
  return JSON.parse(spec.item) as Record<string, unknown>;
}

/** Confirms that people were told of a task's state, so that it is not told again. */
export async function confirmTold(store: ClaimStore, incident: string, task: NeoTask, now: Date): Promise<void> {
  const key = tellingKey(task);
  if (key === null) return;
  await mark(store, incident, ({ status: { tellingUntil: _, ...status } }) => ({
    ...status,
    told: [...new Set([...(status.told ?? []), key])],
    ...(key === 'outcome' ? { state: task.state, settledAt: now.toISOString() } : {}),
  }));
}

/** Ends the tasks of an incident that is over: cancels what Neo still works on, and settles the claims. */
export async function closeFor(
  access: PulumiCloudAccess,
  store: ClaimStore,
  fingerprint: string,
  now: Date,
): Promise<NeoTask[]> {
  const claims = (await store.unsettled()).filter(({ spec }) => spec.fingerprint === fingerprint);
  return Promise.all(
    claims.map(async (claim) => {
      const { taskId } = claim.status;
      const task = await ended(access, claim, now);
      const kept = await mark(store, claim.spec.incident, ({ status }) =>
        // Its outcome may have been told while we looked; that is then what became of it.
        status.settledAt === undefined ? { ...status, state: task.state, settledAt: now.toISOString() } : status,
      );
      // Neo was still being asked for it.
      const late = kept?.status.taskId;
      if (taskId === undefined && late !== undefined) await cancelTask(access, late);
      return task;
    }),
  );
}

/** Neo's own end counts; what has none yet is cancelled. */
async function ended(access: PulumiCloudAccess, claim: Claim, now: Date): Promise<NeoTask> {
  const { taskId } = claim.status;
  if (taskId === undefined) return describe(access, claim, 'closed', now);
  const task = await watchClaim(access, claim, now);
  if (task.state !== 'running' && task.state !== 'awaiting_approval') return task;
  await cancelTask(access, taskId);
  return describe(access, claim, 'closed', now);
}
