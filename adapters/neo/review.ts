import { z } from 'zod/v4';

import type { Alert } from '../../core/incident/alert';
import { messageOf } from '../../core/errors';
import { type Claim, isHeld, isOpen, isUntold, telling } from '../../core/remediation/claim';
import { report, tellingKey } from '../../core/remediation/report';
import { withIncidentId } from '../../core/telemetry/failure';
import type { NeoTask, TaskState } from '../../core/incident/task';
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

interface Review {
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
      const news = await look(access, store, claim, now, overdueMs, looksMs);
      if (news !== null) found.news.push(news);
    } catch (error) {
      found.problems.push(withIncidentId(messageOf(error), claim.spec.incident));
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
  looksMs: readonly number[],
): Promise<News | null> {
  if (claim.status.overAt !== undefined) {
    await end(access, store, claim, now);
    return null;
  }
  if (isOpen(claim)) {
    if (isHeld(claim, now)) return null;
    // The worker that takes over a claim reports it; no other worker does for some minutes.
    const { task, ours } = await takeOver(access, store, claim, looksMs);
    return ours ? { item: itemOf(claim), task } : null;
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
  const isOverdue = now.getTime() - Date.parse(taskCreatedAt ?? claim.spec.claimedAt) > overdueMs;
  try {
    const seen = await watchClaim(access, claim, now);
    return seen.state === 'running' && isOverdue ? describe(access, claim, 'overdue', now) : seen;
  } catch (error) {
    // It may pass; a task that stays unreadable has to be reported in the end.
    if (!isOverdue) throw error;
    return describe(access, claim, 'overdue', now, `it cannot be read: ${messageOf(error)}`);
  }
}

function describe(
  access: PulumiCloudAccess,
  claim: Claim,
  state: TaskState,
  now: Date,
  problem: string | null = null,
): NeoTask {
  return report(claim, { state, problem }, (id) => consoleUrl(access, id), now);
}

function itemOf({ spec }: Claim): Record<string, unknown> {
  return JSON.parse(spec.item) as Record<string, unknown>;
}

/** Confirms that people were notified of a task's state, so that they are not notified again. A state that has changed since it was reported no longer counts as reported. */
export async function confirmTold(store: ClaimStore, incident: string, task: NeoTask, now: Date): Promise<void> {
  const key = tellingKey(task);
  if (key === null) return;
  await mark(store, incident, ({ status: { tellingUntil, ...status } }) => {
    if ((status.taskId ?? null) !== task.id || (key === 'outcome' && status.state !== task.state))
      return { ...status, ...(tellingUntil === undefined ? {} : { tellingUntil }) };
    return {
      ...status,
      told: [...new Set([...(status.told ?? []), key])],
      ...(key === 'outcome' ? { settledAt: now.toISOString() } : {}),
    };
  });
}

/**
 * Ends the tasks of an incident that is over since this time. That it is over is kept first: what cannot be ended now, the
 * review ends. An incident that began again since then goes on.
 */
export async function closeFor(
  access: PulumiCloudAccess,
  store: ClaimStore,
  { fingerprint, time }: Pick<Alert, 'fingerprint' | 'time'>,
  now: Date,
): Promise<NeoTask[]> {
  const claims = (await store.unsettled()).filter(
    (claim) => claim.spec.fingerprint === fingerprint && beganAt(claim) <= Date.parse(time),
  );
  return Promise.all(
    claims.map(async (claim) => {
      const over = await mark(store, claim.spec.incident, ({ status }) =>
        status.settledAt === undefined ? { ...status, overAt: now.toISOString() } : status,
      );
      return end(access, store, over ?? claim, now);
    }),
  );
}

/** When the claim's incident began, by its source's clock. */
function beganAt(claim: Claim): number {
  const began = z.object({ alert: z.object({ time: z.iso.datetime() }) }).safeParse(itemOf(claim));
  return began.success ? Date.parse(began.data.alert.time) : 0;
}

/** Neo's own end counts; what has none yet is cancelled. Settled only when nothing goes on any more. */
async function end(access: PulumiCloudAccess, store: ClaimStore, claim: Claim, now: Date): Promise<NeoTask> {
  const { taskId } = claim.status;
  // A worker is still requesting it: that worker sees that the incident is resolved, or the next review does.
  if (taskId === undefined && isOpen(claim) && isHeld(claim, now)) return describe(access, claim, 'closed', now);
  const task = taskId === undefined ? describe(access, claim, 'closed', now) : await watchClaim(access, claim, now);
  const goesOn = task.state === 'running' || task.state === 'awaiting_approval';
  if (taskId !== undefined && goesOn) await cancelTask(access, taskId);
  const ended = goesOn ? describe(access, claim, 'closed', now) : task;
  await mark(store, claim.spec.incident, ({ status }) =>
    // Its outcome may have been told while we looked; that is then what became of it.
    status.settledAt === undefined && status.taskId === taskId
      ? { ...status, state: ended.state, settledAt: now.toISOString() }
      : status,
  );
  return ended;
}
