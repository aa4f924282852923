import type { Approval, Choice } from './approval';

/**
 * The current state of an Approval's pod.
 * - `free`: it runs and is not isolated; `quarantined`: our record says that it is isolated
 * - `foreign`: it has the quarantine label, but we have no record of it
 * - `absent`: it is gone, or another pod has its name; `unknown`: the alert names no pod
 * - `unreadable`: the API server did not answer
 */
export type PodState = 'free' | 'quarantined' | 'foreign' | 'absent' | 'unknown' | 'unreadable';

/** One choice that a person has, as the page words it. */
export interface Offer {
  choice: Choice;
  label: string;
}

/** What an offer needs to know of a pod. */
export interface OfferedPod {
  /** Null when it is unknown: by the time of an action another pod may have the name. */
  uid: string | null;
  state: PodState;
}

type Offerable = Exclude<Choice, 'approve' | 'reject'>;
const ORDER: readonly Offerable[] = ['delete_pod', 'quarantine_pod', 'ignore', 'release_pod'];

const POSSIBLE: Readonly<Record<PodState, readonly Offerable[]>> = {
  free: ['delete_pod', 'quarantine_pod'],
  quarantined: ['delete_pod', 'quarantine_pod', 'release_pod'],
  foreign: ['delete_pod', 'quarantine_pod'],
  absent: [],
  unknown: [],
  // The action reads the pod again before it changes anything.
  unreadable: ['delete_pod', 'quarantine_pod', 'release_pod'],
};

/** The choices for an Approval whose pods are like this; impossible choices are not offered. */
export function offersFor({ spec }: Pick<Approval, 'spec'>, pods: readonly OfferedPod[]): Offer[] {
  const possible = ORDER.filter((decision) => decision === 'ignore' || actable(pods, decision).length > 0);
  const proposed = possible.find((decision) => decision === spec.proposal?.decision);
  return [
    ...(proposed === undefined
      ? []
      : [{ choice: 'approve' as const, label: `Approve: ${words(proposed, pods, 'approve')}` }]),
    { choice: 'reject', label: 'Reject: nothing is done' },
    ...possible
      .filter((decision) => decision !== proposed)
      .map((decision) => ({ choice: decision, label: capital(words(decision, pods, 'choose')) })),
  ];
}

/** The pods to which an action is possible. */
function actable(pods: readonly OfferedPod[], decision: Offerable): readonly OfferedPod[] {
  return pods.filter(({ state, uid }) => uid !== null && POSSIBLE[state].includes(decision));
}

function words(decision: Offerable, pods: readonly OfferedPod[], how: 'approve' | 'choose'): string {
  const found = actable(pods, decision);
  const which = pods.length === 1 ? 'the pod' : found.length === 1 ? '1 pod' : `${found.length} pods`;
  const instead = how === 'choose' ? ' instead' : '';
  switch (decision) {
    case 'delete_pod':
      return `delete ${which}${instead}`;
    case 'quarantine_pod':
      return found.every(({ state }) => state === 'quarantined')
        ? `keep ${which} in quarantine`
        : `quarantine ${which}${instead}`;
    case 'ignore':
      return how === 'approve' ? 'ignore it as a false alarm' : 'ignore: a false alarm';
    case 'release_pod':
      return `release ${which} from quarantine${how === 'approve' ? '' : ': a false alarm'}`;
  }
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** The pod's state in words, for the page. */
export const STATE_WORDS: Readonly<Record<PodState, string>> = {
  free: 'It runs and is not in quarantine.',
  quarantined: 'It is in quarantine.',
  foreign: 'It has the quarantine label, but this system did not set it.',
  absent: 'It no longer exists: no action on it is possible.',
  unknown: 'The alert names no pod: no action on a pod is possible.',
  unreadable: 'The API server did not report its state.',
};
