import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { AgentEvent, Task } from './task.js';

/** What the agent does from a message of the user to the end of its answer. */
export type Run = (turn: Turn) => Promise<void>;

export interface TurnOptions {
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
    await pause(this.options.stepMilliseconds, undefined, { signal: this.ending.signal });
    this.task.agentSays(event);
  }

  /** Asks the user, and waits for as long as it takes. */
  async ask(request: Record<string, unknown>): Promise<boolean> {
    const id = randomUUID();
    const { signal } = this.ending;
    const answered = new Promise<boolean>((resolve, reject) => {
      this.task.waiting = { id, answer: resolve };
      signal.addEventListener('abort', () => {
        reject(new Error('ended'));
      });
    });
    // It is there before the event is, so that whoever reads the event can answer.
    const [ok] = await Promise.all([answered, this.say({ type: 'user_approval_request', id, ...request })]);
    return ok;
  }

  /** Never comes back, unless the turn is ended. */
  async forever(): Promise<never> {
    return new Promise((_, reject) => {
      this.ending.signal.addEventListener('abort', () => {
        reject(new Error('ended'));
      });
    });
  }

  end(): void {
    this.ending.abort();
  }
}
