import { z } from 'zod/v4';

import type { Alert } from '../../core/incident/alert';
import type { NeoTask } from '../../core/incident/task';
import { type Claim, isHeld, isOpen, itemOfClaim } from '../../core/remediation/claim';
import { changedStatus, factsOf } from '../../core/remediation/claimStatus';
import { report } from '../../core/remediation/report';
import type { TaskPorts } from './ports';
import { updateClaim } from './updateClaim';
import { watchClaim } from './watchTask';

/**
 * Ends the tasks of an incident that its source resolved at this time, and no task of another source's: a sender of reports
 * can name any rule and pod. The resolution is stored first, so that the review ends
 * what cannot be ended now. An incident that began again since then goes on, and so does a task on which the detector's
 * own incident relies: anyone with a routing key can resolve PagerDuty's.
 */
export async function closeTasks(
  ports: TaskPorts,
  { source, fingerprint, time }: Pick<Alert, 'source' | 'fingerprint' | 'time'>,
): Promise<NeoTask[]> {
  const now = ports.now();
  const claims = (await ports.claims.unsettled()).filter((claim) => {
    if (claim.spec.fingerprint !== fingerprint) return false;
    const began = beginningOf(claim);
    return began?.source === source && Date.parse(began.time) <= Date.parse(time);
  });
  const ended = await Promise.all(
    claims.map(async (claim) => {
      const resolved = await updateClaim(ports.claims, claim.spec.incident, ({ status }) =>
        status.settledAt === undefined && status.reliedOnBy === undefined
          ? { ...status, overAt: now.toISOString() }
          : status,
      );
      const latest = resolved ?? claim;
      return isReliedOn(latest) ? [] : [await closeTask(ports, latest, now)];
    }),
  );
  return ended.flat();
}

/** Whether another incident relied on the task before this one was resolved. */
function isReliedOn({ status: { reliedOnBy, overAt } }: Claim): boolean {
  return reliedOnBy !== undefined && overAt === undefined;
}

const beginningSchema = z.object({ alert: z.object({ source: z.string(), time: z.iso.datetime() }) });

/** Who reported the claim's incident, and when it began by that source's clock; null where the claim does not say it. */
function beginningOf(claim: Claim): { source: string; time: string } | null {
  return beginningSchema.safeParse(itemOfClaim(claim)).data?.alert ?? null;
}

/** A task that Neo ended keeps its outcome; one that still goes on is cancelled. Settles the claim after that. */
export async function closeTask({ neo, claims }: TaskPorts, claim: Claim, now: Date): Promise<NeoTask> {
  const { taskId } = factsOf(claim.status);
  const closed = (): NeoTask => report(claim, { state: 'closed' }, neo.consoleUrl, now);
  // A worker is still requesting it: that worker sees that the incident is resolved, or the next review does.
  if (taskId === undefined && isOpen(claim) && isHeld(claim, now)) return closed();
  const task = taskId === undefined ? closed() : await watchClaim(neo, claim, now);
  const goesOn = task.state === 'running' || task.state === 'awaiting_approval';
  if (taskId !== undefined && goesOn) await neo.cancelTask(taskId);
  const ended = goesOn ? closed() : task;
  await updateClaim(claims, claim.spec.incident, ({ status }) =>
    // Another worker may have reported its outcome meanwhile; that outcome then holds.
    status.settledAt === undefined && factsOf(status).taskId === taskId
      ? changedStatus(status, { state: ended.state, settledAt: now.toISOString() })
      : status,
  );
  return ended;
}
