import { forgetOldest } from '../../core/forgetOldest';
import { PipelineError } from '../../core/errors';

/** How often what an exception matched is written down. */
const EVERY_MS = 5 * 60_000;

/** Exceptions that are counted; what is counted of others is not written down. */
const MOST = 1000;

interface Counted {
  events: number;
  last: Date;
  /** Milliseconds of performance.now(). */
  writtenAt: number;
  timer: NodeJS.Timeout | undefined;
}

type Write = (name: string, events: number, last: Date) => Promise<void>;

/**
 * The events that this process counted for each exception. The first one is written at once, so that an exception which
 * matches rarely is known to match; what follows within minutes is written together. A process that ends without notice
 * loses counts of these minutes, never that an exception matched.
 */
export class CountedMatches {
  private readonly counted = new Map<string, Counted>();

  constructor(
    private readonly write: Write,
    private readonly everyMs: number = EVERY_MS,
  ) {}

  /** Counts events. Does not throw for what the store answers: then they are written with the next ones. */
  async add(name: string, events: number, now: Date): Promise<void> {
    const known = this.counted.get(name) ?? { events: 0, last: now, writtenAt: -Infinity, timer: undefined };
    this.counted.set(name, known);
    forgetOldest(this.counted, MOST);
    known.events += events;
    known.last = now;
    const waitMs = known.writtenAt + this.everyMs - performance.now();
    if (waitMs <= 0) await this.flush(name, known);
    else this.later(name, known, waitMs);
  }

  private later(name: string, known: Counted, waitMs: number): void {
    known.timer ??= setTimeout(() => {
      known.timer = undefined;
      void this.flush(name, known);
    }, waitMs);
    // n8n may stop while something waits to be written.
    known.timer.unref();
  }

  private async flush(name: string, known: Counted): Promise<void> {
    const { events, last } = known;
    if (events === 0) return;
    known.events = 0;
    known.writtenAt = performance.now();
    try {
      await this.write(name, events, last);
    } catch (error) {
      if (!(error instanceof PipelineError)) throw error;
      known.events += events;
      this.later(name, known, this.everyMs);
    }
  }
}
