import { STARTS } from '../core/folding/unfinished';
import { mayStillAct } from '../core/incident/late';
import type { Approval, DecidedStatus } from '../core/response/approval';
import { handedOver, isGivenUp, outcomeWaitMs, startedAgain } from '../core/response/carryingOut';
import { changeApproval } from './changeApproval';
import { incidentOfApproval } from './incidents/incidentOfApproval';
import type { Cluster } from './ports';

type Store = Pick<Cluster, 'incidents' | 'notCarriedOut' | 'readApproval' | 'writeApproval'>;

/** What is done about decisions of which nothing says that they were carried out. */
export interface CarriedOutAgain {
  /** To be carried out again: each action looks first whether it was done. Of those that nobody decided, a person is notified. */
  again: Approval[];
  /**
   * Tried as often as it may be, or too old: a person has to look at them. They are given again, after twice the time each, until
   * `markCarriedOut` notes that the person was notified.
   */
  givenUp: Approval[];
}

/** Notes that the outcome of a decision is recorded: it was carried out, or a person was notified that it was not. */
export async function markCarriedOut(
  cluster: Pick<Cluster, 'readApproval' | 'writeApproval'>,
  name: string,
): Promise<void> {
  await changeApproval<null>(cluster, await cluster.readApproval(name), ({ status }) => {
    if (status.state === undefined || status.carriedOut !== undefined) return { result: null };
    return { status: { ...status, carriedOut: isGivenUp(status) ? ('given_up' as const) : ('done' as const) } };
  });
}

/**
 * Finds the decisions whose carrying out began and did not end, because its process was killed, and notes that they are
 * started again or handed to a person. Of several processes that look at the same time, one gets a decision.
 * @throws PipelineError when the cluster cannot be asked
 */
export async function carryOutAgain(cluster: Store, now: Date): Promise<CarriedOutAgain> {
  const found: CarriedOutAgain = { again: [], givenUp: [] };
  for (const approval of await cluster.notCarriedOut()) {
    const { status } = approval;
    if (status.state === undefined) continue;
    const next = await nextStep(cluster, approval, status, now);
    if (next === null) continue;
    const written = await changeApproval<null>(cluster, approval, (current) =>
      // Another process was faster, or its outcome was recorded at this moment.
      current.metadata.resourceVersion === approval.metadata.resourceVersion
        ? { status: { ...status, ...next.change } }
        : { result: null },
    );
    if (written !== null && next.tell !== null) found[next.tell].push(written);
  }
  return found;
}

interface NextStep {
  change: Pick<DecidedStatus, 'carriedOut' | 'startedAgain' | 'startedAgainAt'>;
  tell: keyof CarriedOutAgain | null;
}

/** Null while it may still go on. */
async function nextStep(
  { incidents }: Pick<Cluster, 'incidents'>,
  approval: Approval,
  status: DecidedStatus,
  now: Date,
): Promise<NextStep | null> {
  const { startedAgainAt, startedAgain: starts = 0, decidedAt = approval.spec.expiresAt } = status;
  const since = now.getTime() - Date.parse(startedAgainAt ?? decidedAt);
  if (since < outcomeWaitMs(status)) return null;
  const again: NextStep = { change: startedAgain(status, now), tell: 'again' };
  const handOver: NextStep = { change: handedOver(status, now), tell: 'givenUp' };
  const isOld = !mayStillAct(decidedAt, now);
  const isExpired = status.state === 'Expired';
  // Its incident may have become quiet since; nobody was notified all the same.
  if (isGivenUp(status)) return handOver;
  if (isExpired && (!isOld || starts > 0)) return again;
  const incident = await incidentOfApproval(incidents, approval);
  // Its outcome is in the incident: it was recorded by a version that noted it nowhere else, or a moment ago.
  if (incident !== null && incident.state !== 'Waiting') return { change: { carriedOut: 'done' }, tell: null };
  // A decision from before this was noted, of which no incident tells more, is not said to be lost.
  if (isOld && incident === null) return { change: { carriedOut: 'given_up' }, tell: null };
  return !isExpired && (isOld || starts >= STARTS.most - 1) ? handOver : again;
}
