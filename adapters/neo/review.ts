import { messageOf } from '../../core/errors';
import { type Claim, type ClaimStatus, isBeingAsked, isUntold, telling } from '../../core/remediation/claim';
import { report, tellingKey } from '../../core/remediation/report';
import { type NeoTask, type TaskState } from '../../core/remediation/task';
import type { PulumiCloudAccess } from './call';
import type { ClaimStore } from './claimStore';
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
): Promise<Review> {
  const claims = (await store.unsettled()).filter(({ spec }) => spec.organization === access.organization);
  const found: Review = { news: [], problems: [] };
  for (const claim of claims) {
    try {
      const news = await look(access, store, claim, now, overdueMs);
      if (news !== null) found.news.push(news);
    } catch (error) {
      found.problems.push(`incident ${claim.spec.incident}: ${messageOf(error)}`);
    }
  }
  return found;
}

async function look(
  access: PulumiCloudAccess,
  store: ClaimStore,
  claim: Claim,
  now: Date,
  overdueMs: number,
): Promise<News | null> {
  const isLost = claim.status.taskId === undefined && claim.status.state === undefined;
  if (isLost) {
    if (isBeingAsked(claim, now)) return null;
    const { task, ours } = await takeOver(access, store, claim);
    // Who takes it over has kept the others from telling; a task that was found is looked at the next time.
    return ours && tellingKey(task) !== null ? { item: itemOf(claim), task } : null;
  }
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

const ATTEMPTS = 10;

/** Writes on whatever version of a claim is there; for facts that hold whoever else wrote. */
async function mark(store: ClaimStore, incident: string, change: (status: ClaimStatus) => ClaimStatus): Promise<void> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const claim = await store.find(incident);
    if (claim === null || (await store.update(claim, change(claim.status))) !== null) return;
  }
  throw new Error(`the claim of incident ${incident} was changed by others ${ATTEMPTS} times in a row`);
}

/** Confirms that people were told of a task's state, so that it is not told again. */
export async function confirmTold(store: ClaimStore, incident: string, task: NeoTask, now: Date): Promise<void> {
  const key = tellingKey(task);
  if (key === null) return;
  await mark(store, incident, ({ tellingUntil: _, ...status }) => ({
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
      const task = await close(access, claim, now);
      await mark(store, claim.spec.incident, (status) =>
        // Its outcome may have been told while we looked; that is then what became of it.
        status.settledAt === undefined ? { ...status, state: task.state, settledAt: now.toISOString() } : status,
      );
      return task;
    }),
  );
}

/** Neo's own end counts; what has none yet is cancelled. */
async function close(access: PulumiCloudAccess, claim: Claim, now: Date): Promise<NeoTask> {
  const { taskId } = claim.status;
  if (taskId === undefined) return describe(access, claim, 'closed', now);
  const task = await watchClaim(access, claim, now);
  if (task.state !== 'running' && task.state !== 'awaiting_approval') return task;
  await cancelTask(access, taskId, now);
  return describe(access, claim, 'closed', now);
}
