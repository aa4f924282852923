import type { TaskRequest } from '../../core/remediation/taskRequest';
import {
  askedAt,
  checkedSpec,
  type Claim,
  type ClaimSpec,
  isHeld,
  isOpen,
  isSettled,
} from '../../core/remediation/claim';
import { isFromPagerDuty } from '../../core/remediation/sharing';
import { lookForTask } from './findTask';
import { kept } from './keepEnd';
import { known, type OpenedTask, reported } from './openedTask';
import type { TaskPorts } from './ports';
import { type Shared, shareTask } from './shareTask';

/** The task to open for an incident, with a remark for people, or the reason why none can be opened. */
export type TaskDecision = { request: TaskRequest; remark?: string } | { refused: string };

/**
 * Gives an incident its one task. The claim is made before Neo is asked, and only who made it asks: Neo would take the
 * same request twice. A claim whose maker died before it knew the task's id is looked up at Neo, and never asked again.
 * @throws PipelineError
 */
export async function openTask(ports: TaskPorts, spec: ClaimSpec, wanted: TaskDecision): Promise<OpenedTask> {
  const { claim, mine } = await ports.claims.claim(checkedSpec(spec));
  if (mine) return begin(ports, claim, wanted);
  // Neo said no, people were notified, and the problem may have been fixed since. Of several only one gets the claim.
  if (claim.status.state === 'refused' && isSettled(claim) && 'request' in wanted)
    return requestAgain(ports, claim, spec, wanted);
  if (!isOpen(claim) || isSettled(claim) || isHeld(claim, ports.now())) return known(ports, claim);
  return takeOver(ports, claim);
}

async function begin(ports: TaskPorts, mine: Claim, wanted: TaskDecision): Promise<OpenedTask> {
  // Where there is nothing to ask for, PagerDuty's incidents still find the task of another, and no other joins this one.
  const shared: Shared =
    'request' in wanted || isFromPagerDuty(mine) ? await shareTask(ports, mine) : { result: 'needs task', claim: mine };
  const { result, claim } = shared;
  if (result === 'written') return known(ports, claim);
  if (result === 'joined') return { task: reported(ports, claim, ports.now()), ours: true };
  return 'refused' in wanted
    ? kept(ports, claim, { result: 'refused', problem: wanted.refused })
    : request(ports, claim, wanted);
}

type Wanted = Extract<TaskDecision, { request: TaskRequest }>;

async function request(ports: TaskPorts, claim: Claim, { request: task, remark }: Wanted): Promise<OpenedTask> {
  const requestedAt = ports.now();
  const created = await ports.neo.createTask(task, requestedAt);
  if (created.result !== 'uncertain') return kept(ports, claim, created, remark);
  return resolveByLooking(ports, claim, requestedAt, created.problem, remark);
}

async function requestAgain(
  ports: TaskPorts,
  claim: Claim,
  { repository, stack }: ClaimSpec,
  wanted: Wanted,
): Promise<OpenedTask> {
  const taken = await ports.claims.update(claim, { askedAt: ports.now().toISOString(), repository, stack });
  return taken === null ? known(ports, claim) : request(ports, taken, wanted);
}

/** Continues with a claim whose worker ended before it stored Neo's answer. */
export async function takeOver(ports: TaskPorts, claim: Claim): Promise<OpenedTask> {
  const taken = await ports.claims.update(claim, { ...claim.status, heldAt: ports.now().toISOString() });
  if (taken === null) return known(ports, claim);
  const why = 'the worker that requested it from Neo ended before it stored the answer';
  return resolveByLooking(ports, taken, askedAt(claim), why);
}

async function resolveByLooking(
  ports: TaskPorts,
  claim: Claim,
  requestedAt: Date,
  why: string,
  remark?: string,
): Promise<OpenedTask> {
  const { found, problem } = await lookForTask(ports, claim.spec.incident, requestedAt);
  if (found !== null) return kept(ports, claim, { result: 'made', id: found.id }, remark);
  const looked = problem === null ? 'no Neo task has its reference' : `Neo's tasks could not be read (${problem})`;
  return kept(ports, claim, { result: 'uncertain', problem: `${why}; ${looked}` });
}
