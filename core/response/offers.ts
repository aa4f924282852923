import type { Approval, Choice } from './approval';

/**
 * What an Approval's pod is at the moment of looking.
 * - `free`: it runs and is not isolated; `quarantined`: our record says that it is
 * - `foreign`: it has the quarantine label, and we have no record of it
 * - `absent`: it is gone, or another pod has its name; `unknown`: the alert names no pod
 * - `unreadable`: the API server did not say
 */
export type PodState = 'free' | 'quarantined' | 'foreign' | 'absent' | 'unknown' | 'unreadable';

/** One choice that a person has, as a page words it. */
export interface Offer {
  choice: Choice;
  label: string;
}

type Decision = Exclude<Choice, 'approve' | 'reject'>;
const ORDER: readonly Decision[] = ['delete_pod', 'quarantine_pod', 'ignore', 'release_pod'];

const POSSIBLE: Readonly<Record<PodState, readonly Decision[]>> = {
  free: ['delete_pod', 'quarantine_pod', 'ignore'],
  quarantined: ['delete_pod', 'quarantine_pod', 'ignore', 'release_pod'],
  foreign: ['delete_pod', 'quarantine_pod', 'ignore'],
  absent: ['ignore'],
  unknown: ['ignore'],
  // The action reads the pod again before it does anything.
  unreadable: ['delete_pod', 'quarantine_pod', 'ignore', 'release_pod'],
};

/** What cannot be done to a pod by its name alone: another pod may have the name by then. */
const NEEDS_UID: readonly Decision[] = ['delete_pod', 'release_pod'];

/** What a person can choose for an Approval whose pod is in this state: what cannot be done now is not offered. */
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

function proposedWords(decision: Decision, state: PodState): string {
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

function otherWords(decision: Decision, state: PodState): string {
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
  absent: 'It is not there any more: nothing can be done to it.',
  unknown: 'The alert names no pod: nothing can be done to one.',
  unreadable: 'The API server did not say how it is.',
};
