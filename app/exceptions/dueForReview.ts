import type { Escalation } from '../../core/incident/response';
import { exceptionCause, reviewMessage, withReport, withReported } from '../../core/policy/exceptions/review';
import type { Cluster } from '../ports';

/** What people are notified of. */
export interface DueExceptions {
  exceptions: string[];
  escalation: Escalation;
}

/**
 * The exceptions that matched nothing for 30 days, weekly, and those that have ended, once; as one notification, which
 * also leaves an Event. Until `confirmExceptions` they are reported again, after twice the time each. Null when there are none. Nothing here ends
 * or prolongs one.
 */
export async function dueExceptions(
  cluster: Pick<Cluster, 'listExceptions' | 'changeExceptions' | 'recordOnce'>,
  now: Date,
): Promise<DueExceptions | null> {
  const due = (await cluster.listExceptions()).flatMap((exception) => {
    const cause = exceptionCause(exception, now);
    return cause === null ? [] : [{ exception, cause }];
  });
  if (due.length === 0) return null;
  const message = reviewMessage(due);
  // First of all: one that cannot be marked would be reported every time.
  const exceptions = due.map(({ exception }) => exception.metadata.name);
  await cluster.changeExceptions(exceptions, (status) => withReport(status, now));
  await cluster.recordOnce({ reason: 'ExceptionsDue', name: `exceptions-due-${now.getTime()}`, message }, now);
  return {
    exceptions,
    escalation: { message, event: null, problem: null, recordedAt: now.toISOString() },
  };
}

/** Notes that people were notified of exceptions. A report that began since stays to be confirmed. */
export async function confirmExceptions(
  cluster: Pick<Cluster, 'changeExceptions'>,
  { exceptions, escalation }: { exceptions: readonly string[]; escalation: Pick<Escalation, 'recordedAt'> },
  now: Date,
): Promise<void> {
  await cluster.changeExceptions(exceptions, (status) => withReported(status, escalation.recordedAt, now));
}
