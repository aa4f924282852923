import type { Target } from '../incident/alert';
import { type Approval, type ApprovalStatus, type JoinedPod, MOST_JOINED } from './approval';

/** A pod that an Approval names. */
export interface NamedPod {
  namespace: string;
  name: string;
  /** Null when it is unknown: such a pod is shown, and never acted on. */
  uid: string | null;
  /** When and how it joined; null for the pod with which the Approval was requested. */
  joined: JoinedPod | null;
}

/** The pods that an Approval names, in the order in which they came. The order never changes. */
export function namedPods({ spec: { pod }, status }: Pick<Approval, 'spec' | 'status'>): NamedPod[] {
  const first = pod === undefined ? [] : [{ ...pod, uid: pod.uid ?? null, joined: null }];
  const joined = (status.pods ?? []).map((one) => ({
    namespace: one.namespace,
    name: one.name,
    uid: one.uid ?? null,
    joined: one,
  }));
  return [...first, ...joined];
}

/** The pods for which an Approval's decision holds: those that the person was shown. */
export function decidedPods(approval: Pick<Approval, 'spec' | 'status'>): NamedPod[] {
  const { status } = approval;
  if (status.state === undefined) return [];
  if (status.state === 'Expired') return namedPods(approval);
  // Decisions from before pods joined are about the one pod that there was.
  return namedPods(approval).slice(0, status.decidedPods ?? 1);
}

/** The one pod of a decided Approval that a target means, or null. */
export function decidedPod(approval: Approval, { namespace, pod, podUid }: Target): NamedPod | null {
  const [found, ...others] = decidedPods(approval).filter(
    // An alert without a uid was bound to one, where the pod was known, when the person was asked.
    (one) => one.namespace === namespace && one.name === pod && (podUid === null || podUid === one.uid),
  );
  return found === undefined || others.length > 0 ? null : found;
}

/**
 * What a request for one more pod means for an Approval.
 * - `named`: it names the pod already, or the request is about no pod
 * - `closed`: it was decided, its time is over, or it has no room: the next round takes the pod
 * - else the status with the pod
 */
export function withPod(approval: Approval, pod: JoinedPod | null, now: Date): 'named' | 'closed' | ApprovalStatus {
  const { status } = approval;
  if (status.state !== undefined || isOver(approval, now)) return 'closed';
  const named = namedPods(approval);
  if (pod === null || named.some((one) => isNamed(one, pod))) return 'named';
  const isElsewhere = named.some(({ namespace }) => namespace !== pod.namespace);
  const joined = status.pods ?? [];
  if (isElsewhere || joined.length >= MOST_JOINED) return 'closed';
  return { ...status, pods: [...joined, pod] };
}

/** Whether the time to decide is over. */
export function isOver({ spec }: Pick<Approval, 'spec'>, now: Date): boolean {
  return Date.parse(spec.expiresAt) <= now.getTime();
}

function isNamed(one: NamedPod, { namespace, name, uid }: JoinedPod): boolean {
  return one.namespace === namespace && one.name === name && (uid === undefined || uid === one.uid);
}
