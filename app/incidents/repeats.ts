import { mergedRepeats, type Repeats, withRepeats } from '../../core/folding/events';
import { PipelineError } from '../../core/errors';
import type { IncidentStore } from './ports';
import { updateIncident } from './updateIncident';

/** How often what was counted is written down, and how many incidents are written each time. */
export const FLUSH = { everyMs: 10_000, incidents: 20 } as const;

/**
 * The repeats that this process has counted and not written down yet, by incident. A process that ends without notice
 * loses those of its last seconds: they are counts, never incidents.
 */
export class CountedRepeats {
  private readonly pending = new Map<string, Repeats>();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly store: IncidentStore,
    private readonly failed: (error: PipelineError) => void = () => undefined,
    private readonly everyMs: number = FLUSH.everyMs,
  ) {}

  of(name: string): Repeats | undefined {
    return this.pending.get(name);
  }

  add(name: string, repeats: Repeats): void {
    this.pending.set(name, mergedRepeats(this.pending.get(name), repeats));
    this.schedule();
  }

  /** Takes an incident's repeats, to be written with something else. */
  take(name: string): Repeats | undefined {
    const repeats = this.pending.get(name);
    this.pending.delete(name);
    return repeats;
  }

  /** Writes down what was counted for the incidents that have waited longest. Does not throw for what the store answers. */
  async flush(): Promise<void> {
    // A Map keeps the order of insertion, and what is taken and counted again is the last.
    for (const name of [...this.pending.keys()].slice(0, FLUSH.incidents)) {
      const repeats = this.take(name);
      if (repeats === undefined) continue;
      try {
        // Somebody may have deleted it: then the next event opens it again.
        await updateIncident(this.store, name, (status) => withRepeats(status, repeats));
      } catch (error) {
        if (!(error instanceof PipelineError)) throw error;
        this.pending.set(name, mergedRepeats(this.pending.get(name), repeats));
        this.failed(error);
      }
    }
    if (this.pending.size > 0) this.schedule();
  }

  private schedule(): void {
    if (this.timer !== undefined) return;
    this.timer = setTimeout(() => {
      this.timer = undefined;
      void this.flush();
    }, this.everyMs);
    // n8n may stop while something waits to be written.
    this.timer.unref();
  }
}
