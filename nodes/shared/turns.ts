import { setTimeout as rest } from 'node:timers/promises';

export interface Load {
  /** The share of the time since its last call that the event loop was in use, 0 to 1. */
  used: () => number;
  /** From this share on, the process is busy. */
  busy: number;
  /** For how long it is watched at a time, milliseconds. */
  watchedMs: number;
  /** How long a turn is put off at most, milliseconds. */
  patienceMs: number;
}

/**
 * Work that can wait, one after the other: the first at once, each further one when the process was calm since the one
 * before, or after a time.
 */
export class Turns {
  private next: Promise<void> = Promise.resolve();

  constructor(private readonly load: Load) {}

  take(): Promise<void> {
    const turn = this.next;
    this.next = turn.then(() => this.calm());
    return turn;
  }

  private async calm(): Promise<void> {
    const { used, busy, watchedMs, patienceMs } = this.load;
    used();
    for (let waitedMs = 0; waitedMs < patienceMs; waitedMs += watchedMs) {
      await rest(watchedMs, undefined, { ref: false });
      if (used() < busy) return;
    }
  }
}

/** The share of the time since its last call that this process's event loop was in use. */
function loopUse(): () => number {
  let before = performance.eventLoopUtilization();
  return () => {
    const now = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(now, before);
    before = now;
    return utilization;
  };
}

const limits = { busy: 0.5, watchedMs: 100, patienceMs: 1_000 };

/**
 * This process's turns to start the workflow, which costs n8n most. Alerts that the playbook does not act on take one each,
 * so that a crowd of them keeps the process from the containment of another pod with one of them at a time.
 */
export const starts = new Turns({ used: loopUse(), ...limits });

/** The same for the analysis, of which a workflow may be started with several. */
export const analyses = new Turns({ used: loopUse(), ...limits });
