import type { ServerResponse } from 'node:http';
import type { Task } from './task.js';
import { inWordsOf } from './views.js';

/**
 * The task's events as Server-Sent Events: those that there are, then each when it comes, until the task is over.
 * @param last the id of the event that the client has already; without it, or with one of nothing, all are sent
 */
export function stream(task: Task, last: string | undefined): (response: ServerResponse) => void {
  return (response) => {
    let next = task.events.findIndex(({ id }) => id === last) + 1;
    const send = (): void => {
      for (const event of task.events.slice(next)) {
        response.write(`id: ${event.id}\ndata: ${JSON.stringify(inWordsOf(task.script, event))}\n\n`);
      }
      next = task.events.length;
      if (!task.isOngoing) response.end();
    };
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
    response.flushHeaders();
    response.on('close', task.watch(send));
    send();
  };
}
