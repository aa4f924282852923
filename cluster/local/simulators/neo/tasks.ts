import { ScriptBook } from './script.js';
import { runOf } from './runs.js';
import type { Settings } from './settings.js';
import type { Task } from './task.js';
import { Turn } from './turn.js';

interface TasksOptions {
  stepMilliseconds: number;
  log?: (line: string) => void;
}

/** All tasks, and the turns that go on in them. */
export class Tasks {
  readonly scripts = new ScriptBook();
  private readonly tasks = new Map<string, Task>();
  private readonly turns = new Map<string, Turn>();
  private pullRequests = 0;

  constructor(
    readonly settings: Settings,
    private readonly options: TasksOptions,
  ) {}

  get(organization: string, id: string): Task | undefined {
    const task = this.tasks.get(id);
    return task?.organization === organization ? task : undefined;
  }

  /** In the order in which they were created. */
  all(): Task[] {
    return [...this.tasks.values()];
  }

  /** Begins with the message that the task was asked for with. */
  start(task: Task): void {
    this.tasks.set(task.id, task);
    task.userSays(task.request.message);
    this.takeTurn(task);
  }

  takeTurn(task: Task): void {
    const turn = new Turn(task, {
      stepMilliseconds: this.options.stepMilliseconds,
      repository: this.repositoryOf(task),
      nextPullRequest: () => ++this.pullRequests,
    });
    this.turns.set(task.id, turn);
    turn.follow(runOf(task.script)).catch((error: unknown) => this.options.log?.(`neo failed: ${String(error)}`));
  }

  endTurn(task: Task): void {
    this.turns.get(task.id)?.end();
  }

  clear(): void {
    for (const turn of this.turns.values()) turn.end();
    this.turns.clear();
    this.tasks.clear();
    this.scripts.clear();
    this.pullRequests = 0;
  }

  /** The task's own repository, else that of its stack's program. */
  private repositoryOf({ organization, entities }: Task) {
    for (const entity of entities)
      if (entity.type === 'repository')
        return { org: entity.org, name: entity.name, host: entity.host ?? 'github.com' };
    for (const entity of entities) {
      if (entity.type !== 'stack') continue;
      const stack = this.settings.stacks.find(
        (candidate) =>
          candidate.organization === organization &&
          candidate.project === entity.project &&
          candidate.name === entity.name,
      );
      if (stack?.repository !== undefined) return { ...stack.repository, host: 'github.com' };
    }
    return undefined;
  }
}
