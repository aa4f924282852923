import { type Claim, telling } from '../../core/remediation/claim';
import type { ClaimStatus } from '../../core/remediation/claimStatus';
import {
  isFromPagerDuty,
  isTaskKnown,
  isUnasked,
  joinedStatus,
  mayJoin,
  mayRelyOn,
} from '../../core/remediation/sharing';
import type { TaskPorts } from './ports';

/** What becomes of a new claim: its incident needs a task, or joins that of another, or another worker has written it. */
export interface Shared {
  result: 'needs task' | 'joined' | 'written';
  claim: Claim;
}

/** Beyond so many lost races the incident gets a task of its own. */
const ATTEMPTS = 5;

/**
 * Looks for the task of an incident with the same finding, before Neo is asked. Each claim is created before this looks for
 * others, so that of two at once at least one sees the other. PagerDuty's claim is where the two meet: the write that sends
 * its request, and the write by which it joins the other, name the same version, so that only one of them succeeds.
 */
export async function shareTask(ports: TaskPorts, claim: Claim): Promise<Shared> {
  const { finding } = claim.spec;
  if (finding === undefined) return { result: 'needs task', claim };
  const others = await ports.claims.ofFinding(finding.key);
  if (isFromPagerDuty(claim)) return giveWay(ports, claim, others);
  // Those with a task first: then none joins this incident while this one joins another.
  const theirs = others.filter(isFromPagerDuty).sort((one, other) => Number(isUnasked(one)) - Number(isUnasked(other)));
  for (const other of theirs) {
    const relied = await leadOrRely(ports, claim, other);
    if (relied !== null) return relied;
  }
  return { result: 'needs task', claim };
}

async function giveWay(ports: TaskPorts, claim: Claim, others: readonly Claim[]): Promise<Shared> {
  const now = ports.now();
  const task = others.find((other) => mayJoin(claim, other, now));
  if (task !== undefined) return join(ports, claim, task);
  let current = claim;
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const asked = await ports.claims.update(current, { ...current.status, askedAt: now.toISOString() } as ClaimStatus);
    if (asked !== null) return { result: 'needs task', claim: asked };
    const latest = await ports.claims.find(claim.spec.incident);
    if (latest === null || latest.status.state !== undefined) return { result: 'written', claim: latest ?? current };
    current = latest;
  }
  return { result: 'written', claim: current };
}

/**
 * Has PagerDuty's incident join, if Neo was not asked for it yet. Where it was, this incident relies on that task, if it may.
 * Null where this incident needs a task all the same.
 */
async function leadOrRely(ports: TaskPorts, claim: Claim, pagerDuty: Claim): Promise<Shared | null> {
  const { claims, neo } = ports;
  let other: Claim | null = pagerDuty;
  for (let attempt = 0; attempt < ATTEMPTS && other !== null; attempt += 1) {
    if (isUnasked(other)) {
      if ((await claims.update(other, joinedStatus(other, claim, neo.consoleUrl))) !== null) return null;
    } else if (mayRelyOn(claim, other, ports.now())) {
      const relied: Claim | null = await claims.update(other, { ...other.status, reliedOnBy: claim.spec.incident });
      if (relied !== null) return join(ports, claim, relied);
    } else return null;
    other = await claims.find(other.spec.incident);
  }
  return null;
}

/**
 * PagerDuty's incident hears of the task at once if it can be named. All others hear of it from the review: the pipeline
 * that opens their tasks reports none of their states.
 */
async function join({ claims, neo, now }: TaskPorts, claim: Claim, task: Claim): Promise<Shared> {
  const status = joinedStatus(claim, task, neo.consoleUrl);
  const isReported = isFromPagerDuty(claim) && isTaskKnown(task, now());
  const written = await claims.update(claim, isReported ? telling(status, now()) : status);
  if (written !== null) return { result: isReported ? 'joined' : 'written', claim: written };
  return { result: 'written', claim: (await claims.find(claim.spec.incident)) ?? claim };
}
