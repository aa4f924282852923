import { setTimeout as wait } from 'node:timers/promises';

import type { NeoTask } from '../../core/incident/task';
import type { TaskPorts } from './ports';
import { watchTask } from './watchTask';

interface Patience {
  /** How long the task may take before it counts as overdue, milliseconds. */
  limitMs: number;
  /** How long to rest between two looks, milliseconds. */
  restMs: number;
}

/** Looks at a task until it ended or waits for a person; one that takes longer than it may is `overdue`. */
export async function waitForTask(
  { neo, now }: Pick<TaskPorts, 'neo' | 'now'>,
  id: string,
  { limitMs, restMs }: Patience,
): Promise<NeoTask> {
  const until = performance.now() + limitMs;
  for (;;) {
    const task = await watchTask(neo, id, now());
    if (task.state !== 'running') return task;
    if (performance.now() + restMs > until) return watchTask(neo, id, now(), 'overdue');
    await wait(restMs);
  }
}
