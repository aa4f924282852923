import { STARTS } from '../folding/unfinished';
import { reportWaitMs } from '../incident/reporting';
import type { ApprovalStatus } from './approval';

/** How long carrying out a decision takes at most, milliseconds: deleting waits for the end of a pod's grace period. */
const TAKES_MS = 180_000;

type Tries = Pick<Extract<ApprovalStatus, { state: string }>, 'startedAgain' | 'startedAgainAt'>;

/** Whether a decision was started as often as it may be: a person is notified that nobody carried it out. */
export function isGivenUp(status: ApprovalStatus): boolean {
  if (status.state === undefined) return false;
  return status.carriedOut === 'given_up' || (status.startedAgain ?? 0) >= STARTS.most;
}

/** How long its outcome is waited for: longer each time once a person is notified. */
export function outcomeWaitMs({ startedAgain = 0 }: Tries): number {
  return reportWaitMs(Math.max(1, startedAgain - STARTS.most + 1), TAKES_MS);
}

/** The tries once it is started again. */
export function startedAgain({ startedAgain: before = 0 }: Tries, now: Date): Required<Tries> {
  return { startedAgain: before + 1, startedAgainAt: now.toISOString() };
}

/** The tries once a person is notified that it was given up. */
export function handedOver({ startedAgain: before = 0 }: Tries, now: Date): Required<Tries> {
  return { startedAgain: Math.max(before + 1, STARTS.most), startedAgainAt: now.toISOString() };
}
