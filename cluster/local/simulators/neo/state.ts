import type { CreateTask, Entity } from './requestSchema.js';
import type { Script } from './script.js';
import type { ConsoleEvent, Task } from './task.js';

/** What a test or a scenario reads. */
export interface TaskState {
  id: string;
  organization: string;
  script: Script['name'];
  status: 'running' | 'idle';
  approvalMode: string;
  permissionMode: string;
  /** The approval that it waits for. */
  waitsFor: string | null;
  /** As it was asked for, with the API's own values for what was left out. */
  request: CreateTask;
  entities: Entity[];
  events: ConsoleEvent[];
}

export const stateOf = (tasks: Task[]): TaskState[] =>
  tasks.map((task) => ({
    id: task.id,
    organization: task.organization,
    script: task.script.name,
    status: task.status,
    approvalMode: task.approvalMode,
    permissionMode: task.permissionMode,
    waitsFor: task.waiting?.id ?? null,
    request: task.request,
    entities: task.entities,
    events: task.events,
  }));
