import type { NeoTask } from '../../core/incident/task';
import { tellingKey } from '../../core/remediation/report';
import type { ClaimStore } from './ports';
import { updateClaim } from './updateClaim';

/**
 * Confirms that people were notified of a task's state, so that they are not notified again. A state that has changed
 * since it was reported no longer counts as reported.
 */
export async function confirmReported(claims: ClaimStore, incident: string, task: NeoTask, now: Date): Promise<void> {
  const key = tellingKey(task);
  if (key === null) return;
  await updateClaim(claims, incident, ({ status: { tellingUntil, ...status } }) => {
    if ((status.taskId ?? null) !== task.id || (key === 'outcome' && status.state !== task.state))
      return { ...status, ...(tellingUntil === undefined ? {} : { tellingUntil }) };
    return {
      ...status,
      told: [...new Set([...(status.told ?? []), key])],
      ...(key === 'outcome' ? { settledAt: now.toISOString() } : {}),
    };
  });
}
