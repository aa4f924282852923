import { setTimeout as wait } from 'node:timers/promises';

import { z } from 'zod/v4';

import { messageOf } from '../../core/errors';
import { ASKING_MS } from '../../core/remediation/claim';
import { reference } from '../../core/remediation/prompt';
import { type Answer, call, NoAnswer, type PulumiCloudAccess } from './call';
import { changed, refusal } from './refusal';
import { creation, listTasks, readEvents, type TaskRequest } from './tasks';

/** Pulumi's own CLI waits so long for a new task. */
const CREATE_MS = 120_000;
const ATTEMPTS_WHEN_BUSY = 3;
const LONGEST_REST_S = 30;

/**
 * How asking for a task ended.
 * - `made`: there is one
 * - `refused`: there is certainly no task
 * - `uncertain`: no answer came, or none that can be read: there may be one
 */
export type Creation =
  | { result: 'made'; id: string }
  | { result: 'refused'; problem: string }
  | { result: 'uncertain'; problem: string };

/**
 * Asks for a task, once: Neo has no idempotency key, so that a second request would be a second task. Only what is certain
 * to have made none is tried again: 429, with its Retry-After.
 */
export async function createTask(access: PulumiCloudAccess, wanted: TaskRequest, now: Date): Promise<Creation> {
  const until = Date.now() + ASKING_MS;
  const post = (): Promise<Answer> => {
    const timeoutMs = Math.max(1, Math.min(CREATE_MS, until - Date.now()));
    return call(access, { method: 'POST', path: '', body: creation(wanted, now), timeoutMs });
  };
  try {
    let answer = await post();
    for (let attempt = 1; answer.status === 429 && attempt < ATTEMPTS_WHEN_BUSY; attempt += 1) {
      await wait(Math.min(answer.retryAfter ?? 2 ** attempt, LONGEST_REST_S) * 1000);
      answer = await post();
    }
    return readCreation(access, answer);
  } catch (error) {
    if (!(error instanceof NoAnswer)) throw error;
    return { result: error.mayHaveArrived ? 'uncertain' : 'refused', problem: error.message };
  }
}

const createdSchema = z.object({ taskId: z.string().min(1) });

function readCreation(access: PulumiCloudAccess, answer: Answer): Creation {
  const { status, body } = answer;
  if (status >= 200 && status < 300) {
    const created = createdSchema.safeParse(body);
    if (created.success) return { result: 'made', id: created.data.taskId };
    return { result: 'uncertain', problem: changed('a new task', 'it holds no taskId').message };
  }
  const error = refusal(access, 'start a Neo task', answer);
  // 408 and 5xx can come from something between us and Neo, after Neo has begun.
  return status >= 500 || status === 408
    ? { result: 'uncertain', problem: error.message }
    : { result: 'refused', problem: `${error.message}. ${error.nextStep}` };
}

/** Clocks differ, and a request waits on its way. */
const EARLIER_MS = 60_000;
const LATER_MS = 10 * 60_000;
const MOST_CANDIDATES = 100;

/**
 * Looks for the task that was asked for at a time, by the incident's reference in its first message. Null when none of the
 * tasks of that time has it.
 */
export async function findTask(
  access: PulumiCloudAccess,
  incident: string,
  askedAt: Date,
): Promise<{ id: string } | null> {
  const candidates = (await listTasks(access)).filter(({ createdAt }) => {
    const age = Date.parse(createdAt) - askedAt.getTime();
    return age >= -EARLIER_MS && age <= LATER_MS;
  });
  const problems: unknown[] = [];
  if (candidates.length > MOST_CANDIDATES)
    problems.push(
      new Error(`${candidates.length} tasks were made at that time, and ${MOST_CANDIDATES} were looked at`),
    );
  for (const { id } of candidates.slice(0, MOST_CANDIDATES)) {
    try {
      if (await hasReference(access, id, reference(incident))) return { id };
    } catch (error) {
      // Another's task that cannot be read must not hide ours.
      problems.push(error);
    }
  }
  if (problems.length > 0) throw problems[0];
  return null;
}

async function hasReference(access: PulumiCloudAccess, id: string, line: string): Promise<boolean> {
  const first = (await readEvents(access, id)).find(({ eventBody }) => eventBody.type === 'user_message')?.eventBody;
  // The whole line: one id may begin with another.
  return first?.type === 'user_message' && first.content.split('\n').includes(line);
}

/** How long to rest before each look: a task may be listed a moment after it was made. */
export const LOOKS_MS: readonly number[] = [500, 2_000, 5_000];

/** Looks several times; what stands in the way of looking is part of the answer, since it leaves the matter open. */
export async function lookForTask(
  access: PulumiCloudAccess,
  incident: string,
  askedAt: Date,
  looksMs: readonly number[] = LOOKS_MS,
): Promise<{ found: { id: string } | null; problem: string | null }> {
  let problem: string | null = null;
  for (const rest of looksMs) {
    await wait(rest);
    try {
      const found = await findTask(access, incident, askedAt);
      if (found !== null) return { found, problem: null };
      problem = null;
    } catch (error) {
      problem = messageOf(error);
    }
  }
  return { found: null, problem };
}
