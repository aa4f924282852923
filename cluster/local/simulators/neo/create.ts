import { setTimeout as pause } from 'node:timers/promises';
import { type Answer, type Asked, Refusal } from '../http/answer.js';
import { admitted, checkCaller, sent } from './checks.js';
import { errorForm } from './errors.js';
import { createTask } from './requestSchema.js';
import type { Script } from './script.js';
import { Task } from './task.js';
import type { Tasks } from './tasks.js';
import { inWordsOf } from './views.js';

/** `POST …/tasks`. Nothing in it tells a repetition from another task. */
export async function create(tasks: Tasks, asked: Asked): Promise<Answer> {
  const { settings } = tasks;
  const user = checkCaller(settings, asked);
  const organization = asked.parts.org ?? '';
  const request = sent(asked, createTask);
  const entities = admitted(settings, organization, request.message.entity_diff.add);
  const script = tasks.scripts.take();
  if (script.name === 'busy') throw turnedAway(429, asked, script, 1);
  if (script.name === 'down') throw turnedAway(503, asked, script);

  const task = new Task(organization, user, request, script, { approvalMode: settings.approvalMode, entities });
  tasks.start(task);
  if (script.name === 'loses-answer') return 'drop';
  if (script.name === 'slow') await pause(script.delayMilliseconds);
  return { status: 201, body: inWordsOf(script, { taskId: task.id }) };
}

function turnedAway(status: number, { path }: Asked, { retryAfter }: Script, otherwise?: number): Refusal {
  return new Refusal({ status, ...errorForm(status, path, retryAfter ?? otherwise) });
}
