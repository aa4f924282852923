import type { Escalation } from '../../core/incident/response';
import { exceptionCause, reviewMessage } from '../../core/policy/exceptions/review';
import type { Cluster } from '../ports';

/** What people are notified of. */
export interface DueExceptions {
  exceptions: string[];
  escalation: Escalation;
}

/**
 * The exceptions that matched nothing for 30 days, weekly, and those that have ended, once; as one notification, which
 * also leaves an Event. Null when there are none. Nothing here ends or prolongs one.
 */
export async function dueExceptions(
  cluster: Pick<Cluster, 'listExceptions' | 'markTold' | 'recordOnce'>,
  now: Date,
): Promise<DueExceptions | null> {
  const due = (await cluster.listExceptions()).flatMap((exception) => {
    const cause = exceptionCause(exception, now);
    return cause === null ? [] : [{ exception, cause }];
  });
  if (due.length === 0) return null;
  const message = reviewMessage(due);
  // First of all: one that cannot be marked would be reported every time.
  await cluster.markTold(
    due.map(({ exception }) => exception),
    now,
  );
  await cluster.recordOnce({ reason: 'ExceptionsDue', name: `exceptions-due-${now.getTime()}`, message }, now);
  return {
    exceptions: due.map(({ exception }) => exception.metadata.name),
    escalation: { message, event: null, problem: null, recordedAt: now.toISOString() },
  };
}
