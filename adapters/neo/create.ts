import { setTimeout as wait } from 'node:timers/promises';

import { z } from 'zod/v4';

import type { Creation } from '../../app/neo/ports';
import { ASKING_MS } from '../../core/remediation/claim';
import type { TaskRequest } from '../../core/remediation/taskRequest';
import { type Answer, call, NoAnswer, type PulumiCloudAccess } from './call';
import { unexpectedAnswer, refusal } from './refusal';
import { creation } from './tasks';

/** Pulumi's own CLI waits so long for a new task. */
const CREATE_MS = 120_000;
const ATTEMPTS_WHEN_BUSY = 3;
const LONGEST_REST_S = 30;

/**
 * Asks for a task, once: Neo has no idempotency key, so that a second request would be a second task. Only what is certain
 * to have made none is tried again: 429, with its Retry-After.
 */
export async function createTask(access: PulumiCloudAccess, wanted: TaskRequest, now: Date): Promise<Creation> {
  const until = performance.now() + ASKING_MS;
  const post = (): Promise<Answer> => {
    const timeoutMs = Math.max(1, Math.min(CREATE_MS, until - performance.now()));
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
    return { result: 'uncertain', problem: unexpectedAnswer('a new task', 'it holds no taskId').message };
  }
  const error = refusal(access, 'start a Neo task', answer);
  // 408 and 5xx can come from something between us and Neo, after Neo has begun.
  return status >= 500 || status === 408
    ? { result: 'uncertain', problem: error.message }
    : { result: 'refused', problem: `${error.message}. ${error.nextStep}` };
}
