import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { AgentEvent, Task } from './task.js';

/** What the agent does from a message of the user to the end of its answer. */
export type Run = (turn: Turn) => Promise<void>;

interface TurnOptions {
  /** Between the agent's events. */
  stepMilliseconds: number;
  /** Where the task's pull request would go, if anywhere. */
  repository: { org: string; name: string; host: string } | undefined;
  nextPullRequest: () => number;
}

export class Turn {
  private readonly ending = new AbortController();

  constructor(
    readonly task: Task,
    readonly options: TurnOptions,
  ) {}

  /** Returns when the run has ended, or was ended. */
  async follow(run: Run): Promise<void> {
    this.task.isOngoing = true;
    try {
      await run(this);
    } catch (error) {
      if (!this.ending.signal.aborted) throw error;
    } finally {
      this.task.isOngoing = false;
      this.task.waiting = undefined;
      this.task.changed();
    }
  }

  async say(event: AgentEvent): Promise<void> {
    await this.step();
    this.task.agentSays(event);
  }

  /** Asks the user, and waits for as long as it takes. */
  async ask(request: Record<string, unknown>): Promise<boolean> {
    await this.step();
    const id = randomUUID();
    // Both at once: nobody sees a task that waits without the question, or the question before it can be answered.
    const answered = new Promise<boolean>((resolve) => {
      this.task.waiting = { id, answer: resolve };
      this.task.agentSays({ type: 'user_approval_request', id, ...request });
    });
    return Promise.race([answered, this.forever()]);
  }

  /** Never comes back, unless the turn is ended. */
  forever(): Promise<never> {
    return new Promise((_, reject) => {
      this.ending.signal.addEventListener('abort', () => {
        reject(new Error('ended'));
      });
    });
  }

  end(): void {
    this.ending.abort();
  }

  private step(): Promise<void> {
    return pause(this.options.stepMilliseconds, undefined, { signal: this.ending.signal });
  }
}
