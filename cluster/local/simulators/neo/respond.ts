import { refusal } from './errors.js';
import type { UserEvent } from './requestSchema.js';
import type { Task } from './task.js';
import type { Tasks } from './tasks.js';

/**
 * What a user says in a task that is there.
 * @throws Refusal while the agent works on what was said before, and for a confirmation that nothing waits for
 */
export function respond(tasks: Tasks, task: Task, event: UserEvent): void {
  if (event.type === 'user_cancel') {
    cancel(tasks, task, event);
    return;
  }
  if (task.isOngoing && task.waiting === undefined)
    throw refusal(409, 'cannot respond while a request is still ongoing');
  if (event.type === 'user_confirmation') confirm(task, event);
  else if (task.waiting === undefined) {
    task.userSays(event);
    tasks.takeTurn(task);
  } else {
    task.userSays(event);
    task.agentSays({ type: 'awaiting_approvals' });
  }
}

function confirm(task: Task, event: Extract<UserEvent, { type: 'user_confirmation' }>): void {
  const { waiting } = task;
  if (waiting?.id !== event.approval_request_id)
    throw refusal(400, `no approval request '${event.approval_request_id}' is pending`);
  task.waiting = undefined;
  task.userSays(event);
  waiting.answer(event.ok);
}

function cancel(tasks: Tasks, task: Task, event: UserEvent): void {
  const wasRunning = task.isOngoing;
  task.userSays(event);
  task.agentSays({ type: 'cancelled', operation_was_running: wasRunning });
  tasks.endTurn(task);
}
