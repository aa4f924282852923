import {
  askedAt,
  checkedSpec,
  type Claim,
  type ClaimSpec,
  type ClaimStatus,
  isHeld,
  isOpen,
  isSettled,
  telling,
} from '../../core/remediation/claim';
import type { NeoTask } from '../../core/incident/task';
import { report } from '../../core/remediation/report';
import type { PulumiCloudAccess } from './call';
import type { ClaimStore } from './claimStore';
import { createTask, type Creation, lookForTask, LOOKS_MS } from './create';
import { mark } from './mark';
import { cancelTask, consoleUrl, type TaskRequest } from './tasks';

export interface OpenedTask {
  task: NeoTask;
  /** Whether this call started the task, or found it again after somebody died; else it was there before. */
  ours: boolean;
}

/** What is wanted for an incident: a task, with what people should mind about it; or to have it said why there can be none. */
export type TaskDecision = { request: TaskRequest; mind?: string } | { refused: string };

/** As much as the custom resource takes. */
const LONGEST_PROBLEM = 2000;

/**
 * Gives an incident its one task. The claim is made before Neo is asked, and only who made it asks: Neo would take the
 * same request twice. A claim whose maker died before it knew the task's id is looked up at Neo, and never asked again.
 * @throws PipelineError
 */
export async function openTask(
  access: PulumiCloudAccess,
  store: ClaimStore,
  spec: ClaimSpec,
  wanted: TaskDecision,
  looksMs: readonly number[] = LOOKS_MS,
): Promise<OpenedTask> {
  const { claim, mine } = await store.claim(checkedSpec(spec));
  const asking = { access, store, looksMs };
  if (mine)
    return 'refused' in wanted
      ? kept(asking, claim, { result: 'refused', problem: wanted.refused })
      : ask(asking, claim, wanted);
  const { taskId, state } = claim.status;
  // Neo said no, people were told, and what was wrong may have been mended since. Of several only one gets the claim.
  if (taskId === undefined && state === 'refused' && isSettled(claim) && 'request' in wanted)
    return askAgain(asking, claim, spec, wanted);
  if (!isOpen(claim) || isSettled(claim) || isHeld(claim, new Date())) return known(access, claim);
  return takeOver(access, store, claim, looksMs);
}

interface Asking {
  access: PulumiCloudAccess;
  store: ClaimStore;
  looksMs: readonly number[];
}
type Request = Extract<TaskDecision, { request: TaskRequest }>;

async function ask(asking: Asking, claim: Claim, { request, mind }: Request): Promise<OpenedTask> {
  const now = new Date();
  const created = await createTask(asking.access, request, now);
  if (created.result !== 'uncertain') return kept(asking, claim, created, mind);
  return settleByLooking(asking, claim, now, created.problem, mind);
}

async function askAgain(
  asking: Asking,
  claim: Claim,
  { repository, stack }: ClaimSpec,
  wanted: Request,
): Promise<OpenedTask> {
  const taken = await asking.store.update(claim, { askedAt: new Date().toISOString(), repository, stack });
  return taken === null ? known(asking.access, claim) : ask(asking, taken, wanted);
}

/** Somebody claimed the incident and was not heard of again. */
export async function takeOver(
  access: PulumiCloudAccess,
  store: ClaimStore,
  claim: Claim,
  looksMs: readonly number[] = LOOKS_MS,
): Promise<OpenedTask> {
  const taken = await store.update(claim, { ...claim.status, heldAt: new Date().toISOString() });
  if (taken === null) return known(access, claim);
  const why = 'the worker that requested it from Neo ended before it stored the answer';
  return settleByLooking({ access, store, looksMs }, taken, askedAt(claim), why);
}

async function settleByLooking(
  asking: Asking,
  claim: Claim,
  askedAt: Date,
  why: string,
  mind?: string,
): Promise<OpenedTask> {
  const { found, problem } = await lookForTask(asking.access, claim.spec.incident, askedAt, asking.looksMs);
  if (found !== null) return kept(asking, claim, { result: 'made', id: found.id }, mind);
  const looked = problem === null ? 'no Neo task has its reference' : `Neo’s tasks could not be read (${problem})`;
  return kept(asking, claim, { result: 'uncertain', problem: `${why}; ${looked}` });
}

/** Keeps with the claim how the request ended. The caller notifies people; the review does if nobody confirms that. */
async function kept(asking: Asking, claim: Claim, end: Creation, mind?: string): Promise<OpenedTask> {
  const now = new Date();
  const { repository, stack, askedAt: asked } = claim.status;
  const before = { repository, stack, askedAt: asked };
  const status = telling(
    end.result === 'made'
      ? { ...before, ...begun(end.id, now), ...(mind === undefined ? {} : { problem: cut(mind) }) }
      : { ...before, state: end.result === 'refused' ? 'refused' : 'unknown', problem: cut(end.problem) },
    now,
  );
  const written = await asking.store.update(claim, status).catch((error: unknown) => {
    // There is a task: people must learn of it, and the worker that takes over the claim finds it by its reference.
    if (end.result === 'made') return { ...claim, status };
    throw error;
  });
  if (written === null) return lostUpdate(asking, claim, end);
  return { task: reported(asking.access, written, now), ours: true };
}

/**
 * Somebody else wrote while Neo was asked: the incident ended, or it took so long that the claim was taken over. What they
 * wrote holds, except that a task which is there must be known, and must not go on for an incident that is over.
 */
async function lostUpdate({ access, store }: Asking, claim: Claim, end: Creation): Promise<OpenedTask> {
  const now = new Date();
  const latest =
    end.result !== 'made'
      ? await store.find(claim.spec.incident)
      : await mark(store, claim.spec.incident, (current) => {
          if (current.status.taskId !== undefined) return current.status;
          const { problem: _, tellingUntil: _until, ...status } = current.status;
          return isSettled(current)
            ? { ...begun(end.id, now), ...current.status }
            : { ...status, ...begun(end.id, now) };
        });
  const isOver = latest !== null && (isSettled(latest) || latest.status.overAt !== undefined);
  if (!isOver || end.result !== 'made') return known(access, latest ?? claim);
  // Should this fail, the review ends it.
  await cancelTask(access, end.id);
  const closed = await mark(store, claim.spec.incident, ({ status }) => ({
    ...status,
    state: 'closed',
    settledAt: status.settledAt ?? now.toISOString(),
  }));
  return known(access, closed ?? claim);
}

function begun(taskId: string, now: Date): ClaimStatus {
  return { state: 'running', taskId, taskCreatedAt: now.toISOString() };
}

/** Between characters: half of one is no text that a store takes. */
function cut(problem: string): string {
  return Array.from(problem).slice(0, LONGEST_PROBLEM).join('');
}

function known(access: PulumiCloudAccess, claim: Claim): OpenedTask {
  return { task: reported(access, claim, new Date()), ours: false };
}

function reported(access: PulumiCloudAccess, claim: Claim, now: Date): NeoTask {
  return report(claim, { state: claim.status.state ?? 'claimed' }, (id) => consoleUrl(access, id), now);
}
