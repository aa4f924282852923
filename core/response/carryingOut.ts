import { STARTS } from '../folding/unfinished';
import { reportWaitMs } from '../incident/reporting';
import type { ApprovalStatus, DecidedStatus } from './approval';

/** How long carrying out a decision takes at most, milliseconds: deleting waits for the end of a pod's grace period. */
const TAKES_MS = 180_000;

type Tries = Pick<DecidedStatus, 'startedAgain' | 'startedAgainAt'>;

/**
 * Whether a decision was started as often as it may be: a person is notified that nobody carried it out. Of what nobody decided in
 * time, nothing is carried out: people are notified of that until it is noted.
 */
export function isGivenUp(status: ApprovalStatus): boolean {
  if (status.state === undefined) return false;
  return status.carriedOut === 'given_up' || (status.state !== 'Expired' && (status.startedAgain ?? 0) >= STARTS.most);
}

/** How long its outcome is waited for: longer each time once a person is notified. */
export function outcomeWaitMs({ state, startedAgain = 0 }: DecidedStatus): number {
  const reported = state === 'Expired' ? startedAgain : startedAgain - STARTS.most + 1;
  return reportWaitMs(Math.max(1, reported), TAKES_MS);
}

/** The tries once it is started again. */
export function startedAgain({ startedAgain: before = 0 }: Tries, now: Date): Required<Tries> {
  return { startedAgain: before + 1, startedAgainAt: now.toISOString() };
}

/** The tries once a person is notified that it was given up. */
export function handedOver({ startedAgain: before = 0 }: Tries, now: Date): Required<Tries> {
  return { startedAgain: Math.max(before + 1, STARTS.most), startedAgainAt: now.toISOString() };
}
