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

type Offerable = Exclude<Choice, 'approve' | 'reject'>;
const ORDER: readonly Offerable[] = ['delete_pod', 'quarantine_pod', 'ignore', 'release_pod'];

const POSSIBLE: Readonly<Record<PodState, readonly Offerable[]>> = {
  free: ['delete_pod', 'quarantine_pod', 'ignore'],
  quarantined: ['delete_pod', 'quarantine_pod', 'ignore', 'release_pod'],
  foreign: ['delete_pod', 'quarantine_pod', 'ignore'],
  absent: ['ignore'],
  unknown: ['ignore'],
  // The action reads the pod again before it changes anything.
  unreadable: ['delete_pod', 'quarantine_pod', 'ignore', 'release_pod'],
};

/** Actions that need more than the pod's name: by then another pod may have that name. */
const NEEDS_UID: readonly Offerable[] = ['delete_pod', 'release_pod'];

/** The choices for an Approval whose pod is in this state; impossible choices are not offered. */
export function offersFor({ spec }: Approval, state: PodState): Offer[] {
  const possible = ORDER.filter(
    (decision) => POSSIBLE[state].includes(decision) && (spec.pod?.uid !== undefined || !NEEDS_UID.includes(decision)),
  );
  const proposed = possible.find((decision) => decision === spec.proposal?.decision);
  return [
    ...(proposed === undefined
      ? []
      : [{ choice: 'approve' as const, label: `Approve: ${proposedWords(proposed, state)}` }]),
    { choice: 'reject', label: 'Reject: nothing is done' },
    ...possible
      .filter((decision) => decision !== proposed)
      .map((decision) => ({ choice: decision, label: otherWords(decision, state) })),
  ];
}

function proposedWords(decision: Offerable, state: PodState): string {
  switch (decision) {
    case 'delete_pod':
      return 'delete the pod';
    case 'quarantine_pod':
      return state === 'quarantined' ? 'keep the pod in quarantine' : 'quarantine the pod';
    case 'ignore':
      return 'ignore it as a false alarm';
    case 'release_pod':
      return 'release the pod from quarantine';
  }
}

function otherWords(decision: Offerable, state: PodState): string {
  switch (decision) {
    case 'delete_pod':
      return 'Delete the pod instead';
    case 'quarantine_pod':
      return state === 'quarantined' ? 'Keep the pod in quarantine' : 'Quarantine the pod instead';
    case 'ignore':
      return 'Ignore: a false alarm';
    case 'release_pod':
      return 'Release the pod from quarantine: a false alarm';
  }
}

/** The pod's state in words, for the page. */
export const STATE_WORDS: Readonly<Record<PodState, string>> = {
  free: 'It runs and is not in quarantine.',
  quarantined: 'It is in quarantine.',
  foreign: 'It has the quarantine label, but this system did not set it.',
  absent: 'It no longer exists: no action on it is possible.',
  unknown: 'The alert names no pod: no action on a pod is possible.',
  unreadable: 'The API server did not report its state.',
};
