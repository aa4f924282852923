import { bySeverity, parsePriority } from '../incident/priority';
import type { Approval } from './approval';
import { known } from './approvalSummary';

/**
 * The first of the incidents that wait for a person: the most severe first, of these the longest waiting. Where there is no
 * room for all, each namespace has its turn, so that the noise in one hides no incident of another.
 * @param most how many there is room for
 */
export function waitingList(waiting: readonly Approval[], most: number): Approval[] {
  const sorted = waiting.toSorted(firstToDecide);
  const turns = new Map<string, number>();
  return sorted
    .map((approval) => {
      const namespace = namespaceOf(approval);
      const turn = turns.get(namespace) ?? 0;
      turns.set(namespace, turn + 1);
      return { approval, turn };
    })
    .toSorted((one, other) => one.turn - other.turn)
    .slice(0, most)
    .map(({ approval }) => approval)
    .toSorted(firstToDecide);
}

/** The namespace of the pod, or else of the subject; empty where it is in none. */
export function namespaceOf({ spec }: Approval): string {
  return spec.pod?.namespace ?? known(spec).subject.namespace ?? '';
}

function firstToDecide({ spec: one }: Approval, { spec: other }: Approval): number {
  return (
    bySeverity(parsePriority(one.priority), parsePriority(other.priority)) ||
    one.requestedAt.localeCompare(other.requestedAt)
  );
}
