import { z } from 'zod/v4';

import { type Claim, isHeld, isOpen, isSettled, itemOfClaim, placeOfClaim } from './claim';
import { type ClaimStatus, factsOf } from './claimStatus';

/** The sender that anyone with a routing key can write through: its claims give way to those of other senders. */
const OPEN_TO_OTHERS = 'pagerduty';

/** Whether a claim's incident came through PagerDuty. */
export function isFromPagerDuty({ spec }: Pick<Claim, 'spec'>): boolean {
  return spec.finding?.source === OPEN_TO_OTHERS;
}

/** Whether Neo was not asked yet, and will not be without another write of this version of the claim. */
export function isUnasked({ status }: Claim): boolean {
  const { state, askedAt, heldAt, overAt } = status;
  return state === undefined && askedAt === undefined && heldAt === undefined && overAt === undefined;
}

/**
 * Whether PagerDuty's incident needs no task of its own, because a claim of the detector's own report has one for the same
 * finding: one that is being worked on, or one with a result for this very event.
 */
export function mayJoin(own: Claim, other: Claim, now: Date): boolean {
  return (
    isFromPagerDuty(own) &&
    !isFromPagerDuty(other) &&
    isSameFinding(own, other) &&
    placeOfClaim(other).repository !== '' &&
    (isWorkedOn(other, now) || (hasResult(other) && isSameEvent(own, other)))
  );
}

/**
 * Whether the detector's own incident can rely on a task that PagerDuty's incident has: one for this very event with all
 * its facts, in the same place. Less would let a holder of a routing key replace what the detector reports.
 */
export function mayRelyOn(own: Claim, other: Claim, now: Date): boolean {
  const [here, there] = [placeOfClaim(own), placeOfClaim(other)];
  return (
    !isFromPagerDuty(own) &&
    isFromPagerDuty(other) &&
    isSameFinding(own, other) &&
    isSameEvent(own, other) &&
    here.repository === there.repository &&
    here.stack === there.stack &&
    !isUnasked(other) &&
    (isWorkedOn(other, now) || hasResult(other)) &&
    (other.status.reliedOnBy ?? own.spec.incident) === own.spec.incident
  );
}

/** The status of a claim whose incident joins another's task. */
export function joinedStatus({ status }: Claim, other: Claim, urlOf: (id: string) => string): ClaimStatus {
  const { repository, stack, overAt } = status;
  return { repository, stack, overAt, state: 'joined', joins: other.spec.incident, problem: whyJoined(other, urlOf) };
}

/** Why an incident has no task of its own: names the incident that has it, and the task. */
export function whyJoined(other: Claim, urlOf: (id: string) => string): string {
  const { taskId, problem } = factsOf(other.status);
  const same = `${nameOf(other)} has the same finding`;
  if (taskId !== undefined) return `${same} and the task ${urlOf(taskId)}. The result is reported with that incident`;
  return isOpen(other)
    ? `${same}, and its task is being started. The result is reported with that incident`
    : `${same}, and no task could be started for it: ${shortened(problem ?? 'the reason is unknown')}`;
}

/** Whether it is known whether there is a task that can be named. */
export function isTaskKnown(claim: Claim, now: Date): boolean {
  return !isOpen(claim) || !isHeld(claim, now);
}

/** A store takes 2000 characters of a problem. */
function shortened(problem: string): string {
  return Array.from(problem).slice(0, 1500).join('');
}

const pagerDutyItem = z.object({ alert: z.object({ fields: z.object({ 'incident.id': z.string().max(64) }) }) });

/** As people know it: PagerDuty's own id, or else ours. */
function nameOf(claim: Claim): string {
  const own = isFromPagerDuty(claim) ? pagerDutyItem.safeParse(readableItem(claim)) : undefined;
  return own?.success === true
    ? `PagerDuty's incident ${own.data.alert.fields['incident.id']}`
    : `incident ${claim.spec.incident}`;
}

/** An item that somebody changed must not keep another incident from its task. */
function readableItem(claim: Claim): unknown {
  try {
    return itemOfClaim(claim);
  } catch {
    return null;
  }
}

function isSameFinding({ spec }: Claim, other: Claim): boolean {
  return (
    spec.finding !== undefined &&
    spec.finding.key === other.spec.finding?.key &&
    spec.organization === other.spec.organization &&
    spec.incident !== other.spec.incident
  );
}

function isSameEvent({ spec }: Claim, other: Claim): boolean {
  return spec.finding?.event != null && spec.finding.event === other.spec.finding?.event;
}

/** Not one whose incident was resolved: its task is being ended. */
function isWorkedOn(claim: Claim, now: Date): boolean {
  const { state, overAt } = claim.status;
  if (isSettled(claim) || overAt !== undefined) return false;
  if (state === undefined) return isHeld(claim, now);
  return state === 'running' || state === 'awaiting_approval' || state === 'overdue';
}

/** Whether its task ended with a result. All other ends leave the finding without one. */
function hasResult({ status: { state } }: Claim): boolean {
  return state === 'fixed' || state === 'not_fixed';
}
