import { type Claim, isSettled, telling } from '../../core/remediation/claim';
import { changedStatus } from '../../core/remediation/claimStatus';
import { known, type OpenedTask, reported } from './openedTask';
import type { Creation, TaskPorts } from './ports';
import { updateClaim } from './updateClaim';

/** As much as the custom resource takes. */
const LONGEST_PROBLEM = 2000;

/** Keeps with the claim how the request ended. The caller notifies people; the review does if nobody confirms that. */
export async function kept(ports: TaskPorts, claim: Claim, end: Creation, remark?: string): Promise<OpenedTask> {
  const now = ports.now();
  const { repository, stack, askedAt: asked, overAt, reliedOnBy } = claim.status;
  const before = { repository, stack, askedAt: asked, overAt, reliedOnBy };
  const status = telling(
    end.result === 'made'
      ? { ...before, ...begun(end.id, now), ...(remark === undefined ? {} : { problem: cut(remark) }) }
      : { ...before, state: end.result === 'refused' ? 'refused' : 'unknown', problem: cut(end.problem) },
    now,
  );
  const written = await ports.claims.update(claim, status).catch((error: unknown) => {
    // There is a task: people must learn of it, and the worker that takes over the claim finds it by its reference.
    if (end.result === 'made') return { ...claim, status };
    throw error;
  });
  if (written === null) {
    const latest = await ports.claims.find(claim.spec.incident);
    if (latest !== null && isStillOurs(claim, latest)) return kept(ports, latest, end, remark);
    return lostUpdate(ports, claim, end);
  }
  return { task: reported(ports, written, now), ours: true };
}

/** Whether all that another worker wrote meanwhile is that its incident relies on this task. */
function isStillOurs({ status: asked }: Claim, { status: now }: Claim): boolean {
  return (
    now.state === undefined &&
    now.reliedOnBy !== asked.reliedOnBy &&
    now.askedAt === asked.askedAt &&
    now.heldAt === asked.heldAt &&
    now.overAt === asked.overAt
  );
}

/**
 * Another worker wrote while Neo was asked: the incident ended, or it took so long that the claim was taken over. That
 * write holds, except that a task which exists must be known, and must not go on for an incident that is resolved.
 */
async function lostUpdate(ports: TaskPorts, claim: Claim, end: Creation): Promise<OpenedTask> {
  const now = ports.now();
  const { claims, neo } = ports;
  const { incident } = claim.spec;
  const latest =
    end.result !== 'made'
      ? await claims.find(incident)
      : await updateClaim(claims, incident, (current) => {
          const { status } = current;
          if (status.taskId !== undefined) return status;
          const made = begun(end.id, now);
          return isSettled(current)
            ? { ...made, ...status }
            : { ...status, ...made, problem: undefined, tellingUntil: undefined };
        });
  const isResolved = latest !== null && (isSettled(latest) || latest.status.overAt !== undefined);
  if (!isResolved || end.result !== 'made') return known(ports, latest ?? claim);
  // Should this fail, the review ends it.
  await neo.cancelTask(end.id);
  const closed = await updateClaim(claims, incident, ({ status }) =>
    changedStatus(status, { state: 'closed', settledAt: status.settledAt ?? now.toISOString() }),
  );
  return known(ports, closed ?? claim);
}

function begun(taskId: string, now: Date) {
  return { state: 'running' as const, taskId, taskCreatedAt: now.toISOString() };
}

/** Between characters: half of one is no text that a store takes. */
function cut(problem: string): string {
  return Array.from(problem).slice(0, LONGEST_PROBLEM).join('');
}
