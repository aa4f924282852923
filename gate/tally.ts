const INTERVAL_MILLISECONDS = 10_000;

/**
 * Counts refused requests by reason, and reports them in one line per interval, so that a flood does not fill the log.
 * It repeats nothing that a sender wrote.
 */
export class Tally {
  readonly #counts = new Map<string, number>();
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly report: (line: string) => void,
    private readonly interval = INTERVAL_MILLISECONDS,
  ) {}

  readonly add = (reason: string, count = 1): void => {
    this.#counts.set(reason, (this.#counts.get(reason) ?? 0) + count);
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      const counts = [...this.#counts].map(([each, count]) => `${count} × ${each}`);
      this.#counts.clear();
      this.report(`gate: turned away in the last ${this.interval / 1000} s: ${counts.join(', ')}`);
    }, this.interval).unref();
  };
}
