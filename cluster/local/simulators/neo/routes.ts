import type { Answer, Asked } from '../http/answer.js';
import type { Route } from '../http/router.js';
import { checkCaller, page, sent } from './checks.js';
import { create } from './create.js';
import { pulumiError, refusal } from './errors.js';
import { cancelTask, respond as respondSchema, updateTask } from './requestSchema.js';
import { respond } from './respond.js';
import { stream } from './stream.js';
import type { Task } from './task.js';
import type { Tasks } from './tasks.js';
import { inWordsOf, taskView } from './views.js';

const TASKS = '/api/preview/agents/:org/tasks';

export const UNKNOWN: Answer = { status: 404, body: pulumiError(404) };

/** The agent tasks API of Pulumi Cloud, after its description (see requestSchema.ts). */
export function routes(tasks: Tasks): Route[] {
  /** Of one task, for who may see it. */
  const ofTask = (method: string, path: string, answer: (task: Task, asked: Asked) => Answer): Route => ({
    method,
    path: `${TASKS}/:task${path}`,
    answer: (asked) => {
      checkCaller(tasks.settings, asked);
      const task = tasks.get(asked.parts.org ?? '', asked.parts.task ?? '');
      if (task === undefined) throw refusal(404, `task '${asked.parts.task ?? ''}' not found`);
      return answer(task, asked);
    },
  });

  return [
    { method: 'POST', path: TASKS, answer: (asked) => create(tasks, asked) },
    {
      method: 'GET',
      path: TASKS,
      answer: (asked) => {
        checkCaller(tasks.settings, asked);
        const ofOrganization = tasks.all().filter(({ organization }) => organization === asked.parts.org);
        const { items, continuationToken } = page(asked, ofOrganization.reverse());
        return { status: 200, body: { tasks: items.map(taskView), continuationToken } };
      },
    },
    ofTask('GET', '', (task) => ({ status: 200, body: inWordsOf(task.script, taskView(task)) })),
    ofTask('PATCH', '', (task, asked) => {
      Object.assign(task, sent(asked, updateTask));
      return { status: 200, body: taskView(task) };
    }),
    ofTask('POST', '', (task, asked) => {
      respond(tasks, task, sent(asked, respondSchema).event);
      return { status: 202 };
    }),
    ofTask('POST', '/cancel', (task, asked) => {
      sent(asked, cancelTask);
      tasks.endTurn(task);
      return { status: 204 };
    }),
    ofTask('GET', '/events', (task, asked) => {
      const { items, continuationToken } = page(asked, task.events);
      return { status: 200, body: { events: inWordsOf(task.script, items), continuationToken } };
    }),
    ofTask('GET', '/events/stream', (task, { headers }) => stream(task, headers['last-event-id']?.toString())),
  ];
}
