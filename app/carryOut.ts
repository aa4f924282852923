import { STARTS } from '../core/folding/unfinished';
import { mayStillAct } from '../core/incident/late';
import type { Approval, DecidedStatus } from '../core/response/approval';
import { changeApproval } from './changeApproval';
import { incidentOfApproval } from './incidents/incidentOfApproval';
import type { Cluster } from './ports';

type Store = Pick<Cluster, 'incidents' | 'notCarriedOut' | 'readApproval' | 'writeApproval'>;

/** How long carrying out a decision takes at most, milliseconds: deleting waits for the end of a pod's grace period. */
const TAKES_MS = 180_000;

/** What is done about decisions of which nothing says that they were carried out. */
export interface CarriedOutAgain {
  /** To be carried out again: each action looks first whether it was done. */
  again: Approval[];
  /** Tried as often as it may be, or too old: a person has to look at them. */
  givenUp: Approval[];
}

/** Notes that the outcome of a decision is recorded. */
export async function markCarriedOut(
  cluster: Pick<Cluster, 'readApproval' | 'writeApproval'>,
  name: string,
): Promise<void> {
  await changeApproval<null>(cluster, await cluster.readApproval(name), ({ status }) => {
    if (status.state === undefined || status.carriedOut !== undefined) return { result: null };
    return { status: { ...status, carriedOut: 'done' as const } };
  });
}

/**
 * Finds the decisions whose carrying out began and did not end, because its process was killed, and notes that they are
 * started again. Of several processes that look at the same time, one starts a decision.
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
  const { startedAgain = 0, startedAgainAt, decidedAt = approval.spec.expiresAt } = status;
  const since = (time: string): number => now.getTime() - Date.parse(time);
  if (since(startedAgainAt ?? decidedAt) < TAKES_MS) return null;
  const incident = await incidentOfApproval(incidents, approval);
  // Its outcome is in the incident: it was recorded by a version that noted it nowhere else, or a moment ago.
  if (incident !== null && incident.state !== 'Waiting') return { change: { carriedOut: 'done' }, tell: null };
  const isOld = !mayStillAct(decidedAt, now);
  if (isOld || startedAgain >= STARTS.most - 1)
    // A decision from before this was noted, of which no incident tells more, is not said to be lost.
    return { change: { carriedOut: 'given_up' }, tell: isOld && incident === null ? null : 'givenUp' };
  return { change: { startedAgain: startedAgain + 1, startedAgainAt: now.toISOString() }, tell: 'again' };
}
