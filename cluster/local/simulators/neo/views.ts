import type { Script } from './script.js';
import type { Task } from './task.js';

/** AgentTask, of the API's description. */
export function taskView(task: Task) {
  const { createdBy, request } = task;
  return {
    id: task.id,
    name: task.name,
    taskType: 'sync',
    status: task.status,
    createdAt: task.createdAt.toISOString(),
    approvalMode: task.approvalMode,
    entities: task.entities,
    planMode: request.planMode,
    isShared: task.isShared,
    createdBy: {
      name: createdBy.name,
      githubLogin: createdBy.login,
      avatarUrl: 'https://example.com/avatar.png',
      email: createdBy.email,
    },
    permissionMode: task.permissionMode,
    toolExecutionMode: request.toolExecutionMode,
    source: request.source,
  };
}

/** As the API would say it if it called some of its fields by other names. */
export function inWordsOf({ name, renames }: Script, value: unknown): unknown {
  return name === 'renamed' ? renamed(value, renames) : value;
}

function renamed(value: unknown, renames: Record<string, string>): unknown {
  if (Array.isArray(value)) return value.map((item) => renamed(item, renames));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [renames[key] ?? key, renamed(inner, renames)]),
  );
}
