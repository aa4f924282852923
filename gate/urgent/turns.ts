export interface TurnLimits {
  /** Requests that each process of n8n works on at the same time, urgent ones aside. */
  together: number;
  /** A request counts as worked on for so long at most, milliseconds: later it only waits, in a workflow. */
  workMs: number;
  /** How long after an urgent request others are kept back, milliseconds: what n8n was asked to do follows its answer. */
  backMs: number;
  /** Between two requests that are let through meanwhile, milliseconds: none is kept from n8n for good. */
  paceMs: number;
}

export const TURN_LIMITS: TurnLimits = { together: 2, workMs: 250, backMs: 400, paceMs: 150 };

/** Starts a request; `ended` is called when it has its answer. */
type Start = (ended: () => void) => void;

/**
 * The order in which n8n gets alerts. An urgent one waits for nobody, and n8n's processor is kept free for it; the others
 * follow one another.
 */
export class Turns {
  readonly #waiting: Start[] = [];
  #working = 0;
  #urgent = 0;
  #last = -Infinity;
  #backUntil = -Infinity;
  #timer: NodeJS.Timeout | undefined;

  constructor(private readonly limits: TurnLimits = TURN_LIMITS) {}

  urgent(start: Start): void {
    this.#urgent += 1;
    start(
      once(() => {
        this.#urgent -= 1;
        this.#backUntil = performance.now() + this.limits.backMs;
        this.#next();
      }),
    );
  }

  inTurn(start: Start): void {
    this.#waiting.push(start);
    this.#next();
  }

  #next(): void {
    while (this.#waiting.length > 0 && this.#working < this.limits.together) {
      const wait = this.#waitMs();
      if (wait > 0) {
        this.#timer ??= setTimeout(() => {
          this.#timer = undefined;
          this.#next();
        }, wait);
        return;
      }
      this.#begin(this.#waiting.shift());
    }
  }

  /** How long the next request is kept back. */
  #waitMs(): number {
    const now = performance.now();
    const pace = this.#last + this.limits.paceMs - now;
    return this.#urgent > 0 ? pace : Math.min(pace, this.#backUntil - now);
  }

  #begin(start: Start | undefined): void {
    this.#working += 1;
    this.#last = performance.now();
    const ended = once(() => {
      clearTimeout(limit);
      this.#working -= 1;
      this.#next();
    });
    const limit = setTimeout(ended, this.limits.workMs);
    start?.(ended);
  }
}

function once(run: () => void): () => void {
  let isDone = false;
  return () => {
    if (isDone) return;
    isDone = true;
    run();
  };
}
