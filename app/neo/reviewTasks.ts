import { messageOf } from '../../core/errors';
import type { NeoTask } from '../../core/incident/task';
import { type Claim, isHeld, isOpen, isUntold, itemOfClaim, telling } from '../../core/remediation/claim';
import { changedStatus, factsOf } from '../../core/remediation/claimStatus';
import { report, tellingKey } from '../../core/remediation/report';
import { isTaskKnown, joinedStatus } from '../../core/remediation/sharing';
import { withIncidentId } from '../../core/telemetry/failure';
import { closeTask } from './closeTasks';
import { reported } from './openedTask';
import { takeOver } from './openTask';
import type { TaskPorts } from './ports';
import { watchClaim } from './watchTask';

/** A task that people have to be notified of, and the item that its incident came in. */
export interface News {
  item: Record<string, unknown>;
  task: NeoTask;
}

interface Review {
  news: News[];
  /** Claims that could not be reviewed, each with the reason; the next review includes them. */
  problems: string[];
}

/**
 * Reviews every claim of which something is left to be done, and gives what people do not know yet. Each piece of news
 * is held back from others for some minutes: if nobody confirmed it by then, it comes again.
 * @param overdueMs how long Neo may work before people are notified
 */
export async function reviewTasks(ports: TaskPorts, overdueMs: number): Promise<Review> {
  const { organization } = ports.neo;
  const claims = (await ports.claims.unsettled()).filter(({ spec }) => spec.organization === organization);
  const found: Review = { news: [], problems: [] };
  for (const claim of claims) {
    try {
      const news = await reviewTask(ports, claim, overdueMs);
      if (news !== null) found.news.push(news);
    } catch (error) {
      found.problems.push(withIncidentId(messageOf(error), claim.spec.incident));
    }
  }
  return found;
}

async function reviewTask(ports: TaskPorts, claim: Claim, overdueMs: number): Promise<News | null> {
  const now = ports.now();
  if (claim.status.overAt !== undefined) {
    await closeTask(ports, claim, now);
    return null;
  }
  if (isOpen(claim)) {
    if (isHeld(claim, now)) return null;
    // The worker that takes over a claim reports it; no other worker does for some minutes.
    const { task, ours } = await takeOver(ports, claim);
    return ours ? { item: itemOfClaim(claim), task } : null;
  }
  if (claim.status.state === 'joined') return joinedNews(ports, claim, now);
  const task = await currentTask(ports, claim, now, overdueMs);
  const key = tellingKey(task);
  if (key === null || !isUntold(claim, key, now)) return null;
  const taken = await ports.claims.update(claim, telling(changedStatus(claim.status, { state: task.state }), now));
  return taken === null ? null : { item: itemOfClaim(claim), task };
}

/** That the incident joined the task of another is reported as soon as that task can be named. */
async function joinedNews(ports: TaskPorts, claim: Claim, now: Date): Promise<News | null> {
  const other = await ports.claims.find(factsOf(claim.status).joins ?? '');
  if ((other !== null && !isTaskKnown(other, now)) || !isUntold(claim, 'outcome', now)) return null;
  const status = other === null ? claim.status : joinedStatus(claim, other, ports.neo.consoleUrl);
  const taken = await ports.claims.update(claim, telling(status, now));
  return taken === null ? null : { item: itemOfClaim(claim), task: reported(ports, taken, now) };
}

async function currentTask({ neo }: TaskPorts, claim: Claim, now: Date, overdueMs: number): Promise<NeoTask> {
  const { taskId, taskCreatedAt } = factsOf(claim.status);
  if (taskId === undefined) return report(claim, { state: claim.status.state ?? 'unknown' }, neo.consoleUrl, now);
  const isOverdue = now.getTime() - Date.parse(taskCreatedAt ?? claim.spec.claimedAt) > overdueMs;
  const overdue = (problem: string | null): NeoTask =>
    report(claim, { state: 'overdue', problem }, neo.consoleUrl, now);
  try {
    const seen = await watchClaim(neo, claim, now);
    return seen.state === 'running' && isOverdue ? overdue(null) : seen;
  } catch (error) {
    // It may pass; a task that stays unreadable has to be reported in the end.
    if (!isOverdue) throw error;
    return overdue(`it cannot be read: ${messageOf(error)}`);
  }
}
