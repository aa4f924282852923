import { bySeverity } from '../incident/priority';
import type { TrustClass } from '../sources/senders';
import type { Approval } from './approval';
import { priorityOf } from './approvalPriority';
import { known, rememberedAlert } from './approvalSummary';

/**
 * The first of the incidents that wait for a person: the most severe first, of these the longest waiting. Where there is no
 * room for all, what the kernel observed comes before what was reported, since a sender of reports can invent namespaces.
 * Within both each source has its turn, and with it each of its namespaces, so that the noise in one hides no incident of
 * another.
 * @param most how many there is room for
 */
export function waitingList(waiting: readonly Approval[], most: number): Approval[] {
  const sorted = waiting.toSorted(firstToDecide).map((approval) => {
    const { source, trust } = senderOf(approval);
    // A request to the API server, of which Falco reads the audit log, may invent a namespace; the pods that it observed are in real ones.
    const namespace = trust === 'kernel' ? (approval.spec.pod?.namespace ?? '') : namespaceOf(approval);
    return { approval, source, trust, namespace };
  });
  const ofTrust = (trust: TrustClass) => {
    const some = sorted.filter((each) => each.trust === trust);
    const byNamespace = inTurns(some, ({ source, namespace }) => `${source}/${namespace}`);
    return inTurns(byNamespace, ({ source }) => source);
  };
  return [...ofTrust('kernel'), ...ofTrust('report')]
    .slice(0, most)
    .map(({ approval }) => approval)
    .toSorted(firstToDecide);
}

/** The namespace of the pod, or else of the subject; empty where it is in none. */
export function namespaceOf({ spec }: Approval): string {
  return spec.pod?.namespace ?? known(spec).subject.namespace ?? '';
}

/**
 * Approvals from before these keys hold the alert. One that cannot be read is taken for the kernel's: the responder alone
 * makes Approvals, so that no sender can choose that, and as a report it could be hidden.
 */
function senderOf({ spec }: Approval): { source: string; trust: TrustClass } {
  if (spec.source !== undefined && spec.trust !== undefined) return { source: spec.source, trust: spec.trust };
  return rememberedAlert(spec.item) ?? { source: '', trust: 'kernel' };
}

/** The first of each group, then the second of each, and so on; of one turn in the order in which they were. */
function inTurns<T>(items: readonly T[], groupOf: (item: T) => string): T[] {
  const turns = new Map<string, number>();
  return items
    .map((item) => {
      const group = groupOf(item);
      const turn = turns.get(group) ?? 0;
      turns.set(group, turn + 1);
      return { item, turn };
    })
    .toSorted((one, other) => one.turn - other.turn)
    .map(({ item }) => item);
}

function firstToDecide(one: Approval, other: Approval): number {
  return bySeverity(priorityOf(one), priorityOf(other)) || one.spec.requestedAt.localeCompare(other.spec.requestedAt);
}

/** How many Approvals wait, and since when the oldest does; null if none waits. */
export function waitingOf(approvals: readonly Approval[]): { approvals: number; approvalsSince: string | null } {
  const [since = null] = approvals.map(({ spec }) => spec.requestedAt).toSorted();
  return { approvals: approvals.length, approvalsSince: since };
}
