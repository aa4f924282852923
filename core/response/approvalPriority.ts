import { isMoreSevere, parsePriority, type Priority } from '../incident/priority';
import type { Approval, ApprovalStatus } from './approval';
import { isOver } from './approvalPods';

/** How severe an Approval's incident is: as it was requested, or as an event raised it while it waited. */
export function priorityOf({ spec, status }: Pick<Approval, 'spec' | 'status'>): Priority {
  const requested = parsePriority(spec.priority);
  const { priority: raised } = status;
  return raised !== undefined && isMoreSevere(raised, requested) ? raised : requested;
}

/** "critical", or "critical, raised from warning". */
export function priorityText(approval: Pick<Approval, 'spec' | 'status'>): string {
  const requested = parsePriority(approval.spec.priority);
  const priority = priorityOf(approval);
  return priority === requested ? priority : `${priority}, raised from ${requested}`;
}

/** The status of an Approval that waits, with the priority of another event; null where that raises nothing. */
export function withPriority(approval: Approval, priority: Priority, now: Date): ApprovalStatus | null {
  const { status } = approval;
  if (status.state !== undefined || isOver(approval, now)) return null;
  return isMoreSevere(priority, priorityOf(approval)) ? { ...status, priority } : null;
}
