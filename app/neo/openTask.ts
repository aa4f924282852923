import {
  askedAt,
  checkedSpec,
  type Claim,
  type ClaimSpec,
  isHeld,
  isOpen,
  isSettled,
  telling,
} from '../../core/remediation/claim';
import type { NeoTask } from '../../core/incident/task';
import { changedStatus } from '../../core/remediation/claimStatus';
import { report } from '../../core/remediation/report';
import type { TaskRequest } from '../../core/remediation/taskRequest';
import { lookForTask } from './findTask';
import type { Creation, TaskPorts } from './ports';
import { updateClaim } from './updateClaim';

export interface OpenedTask {
  task: NeoTask;
  /** Whether this call started the task, or found it again after somebody died; else it was there before. */
  ours: boolean;
}

/** The task to open for an incident, with a remark for people, or the reason why none can be opened. */
export type TaskDecision = { request: TaskRequest; remark?: string } | { refused: string };

/** As much as the custom resource takes. */
const LONGEST_PROBLEM = 2000;

/**
 * Gives an incident its one task. The claim is made before Neo is asked, and only who made it asks: Neo would take the
 * same request twice. A claim whose maker died before it knew the task's id is looked up at Neo, and never asked again.
 * @throws PipelineError
 */
export async function openTask(ports: TaskPorts, spec: ClaimSpec, wanted: TaskDecision): Promise<OpenedTask> {
  const { claim, mine } = await ports.claims.claim(checkedSpec(spec));
  if (mine)
    return 'refused' in wanted
      ? kept(ports, claim, { result: 'refused', problem: wanted.refused })
      : request(ports, claim, wanted);
  // Neo said no, people were notified, and the problem may have been fixed since. Of several only one gets the claim.
  if (claim.status.state === 'refused' && isSettled(claim) && 'request' in wanted)
    return requestAgain(ports, claim, spec, wanted);
  if (!isOpen(claim) || isSettled(claim) || isHeld(claim, ports.now())) return known(ports, claim);
  return takeOver(ports, claim);
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

/** Keeps with the claim how the request ended. The caller notifies people; the review does if nobody confirms that. */
async function kept(ports: TaskPorts, claim: Claim, end: Creation, remark?: string): Promise<OpenedTask> {
  const now = ports.now();
  const { repository, stack, askedAt: asked } = claim.status;
  const before = { repository, stack, askedAt: asked };
  const status = telling(
    end.result === 'made'
      ? { ...before, ...begun(end.id, now), ...(remark === undefined ? {} : { problem: cut(remark) }) }
      : { ...before, state: end.result === 'refused' ? 'refused' : 'unknown', problem: cut(end.problem) },
    now,
  );
  const written = await ports.claims.update(claim, status).catch((error: unknown) => {
    // There is a task: people must learn of it, and the worker that takes over the claim finds it by its reference.
    if (end.result === 'made') return { ...claim, status };
    throw error;
  });
  if (written === null) return lostUpdate(ports, claim, end);
  return { task: reported(ports, written, now), ours: true };
}

/**
 * Another worker wrote while Neo was asked: the incident ended, or it took so long that the claim was taken over. That
 * write holds, except that a task which exists must be known, and must not go on for an incident that is resolved.
 */
async function lostUpdate(ports: TaskPorts, claim: Claim, end: Creation): Promise<OpenedTask> {
  const now = ports.now();
  const { claims, neo } = ports;
  const { incident } = claim.spec;
  const latest =
    end.result !== 'made'
      ? await claims.find(incident)
      : await updateClaim(claims, incident, (current) => {
          const { status } = current;
          if (status.taskId !== undefined) return status;
          const made = begun(end.id, now);
          return isSettled(current)
            ? { ...made, ...status }
            : { ...status, ...made, problem: undefined, tellingUntil: undefined };
        });
  const isResolved = latest !== null && (isSettled(latest) || latest.status.overAt !== undefined);
  if (!isResolved || end.result !== 'made') return known(ports, latest ?? claim);
  // Should this fail, the review ends it.
  await neo.cancelTask(end.id);
  const closed = await updateClaim(claims, incident, ({ status }) =>
    changedStatus(status, { state: 'closed', settledAt: status.settledAt ?? now.toISOString() }),
  );
  return known(ports, closed ?? claim);
}

function begun(taskId: string, now: Date) {
  return { state: 'running' as const, taskId, taskCreatedAt: now.toISOString() };
}

/** Between characters: half of one is no text that a store takes. */
function cut(problem: string): string {
  return Array.from(problem).slice(0, LONGEST_PROBLEM).join('');
}

function known(ports: TaskPorts, claim: Claim): OpenedTask {
  return { task: reported(ports, claim, ports.now()), ours: false };
}

function reported({ neo }: TaskPorts, claim: Claim, now: Date): NeoTask {
  return report(claim, { state: claim.status.state ?? 'claimed' }, neo.consoleUrl, now);
}
