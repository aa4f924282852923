import type { NeoTask } from '../../core/incident/task';
import { factsOf } from '../../core/remediation/claimStatus';
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
  await updateClaim(claims, incident, ({ status }) => {
    // Requested again since then: that this state was reported says nothing about the next one.
    if (status.state === undefined) return status;
    const isAnother =
      (factsOf(status).taskId ?? null) !== task.id || (key === 'outcome' && status.state !== task.state);
    if (isAnother) return status;
    const { tellingUntil: _, ...reported } = status;
    const told = [...new Set([...(status.told ?? []), key])];
    return { ...reported, told, ...(key === 'outcome' ? { settledAt: now.toISOString() } : {}) };
  });
}
