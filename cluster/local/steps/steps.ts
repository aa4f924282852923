/** What a step tells while it runs. */
export interface Report {
  /** Shows what it is at; the next line replaces it on a terminal. */
  say: (line: string) => void;
  /** Shows a line that stays, and names the step by it from now on; `why` is said with it once. */
  retitle: (title: string, why?: string) => void;
}

/** A part of the work, which runs as soon as the steps before it have ended. */
export interface Step {
  title: string;
  after?: Step[];
  /** How long it is expected to take, in seconds; unset where that is of no interest. */
  expected?: number | undefined;
  run: (report: Report) => Promise<void>;
}

/** A step that waits, runs or has ended; times are of `performance.now()`. */
export interface Running {
  title: string;
  /** Why it has this title. */
  why?: string | undefined;
  expected: number | undefined;
  /** What it said last. */
  said: string;
  waitsFor: Running[];
  startedAt?: number;
  endedAt?: number;
  /** Called when it has another title. */
  retitled: () => void;
  /** Rejects with the step's own error, or with that of a step that it waited for. */
  done: Promise<void>;
}

/** Begins every step whose turn it is, and the others in their turn. A step is listed behind those that it waits for. */
export function begin(steps: Step[]): Map<Step, Running> {
  const all = new Map<Step, Running>();
  for (const step of steps) {
    const waitsFor = (step.after ?? []).map((before) => {
      const running = all.get(before);
      if (running === undefined) throw new Error(`${step.title} is listed before ${before.title}`);
      return running;
    });
    const running: Running = {
      title: step.title,
      expected: step.expected,
      said: '',
      waitsFor,
      retitled: () => undefined,
      done: Promise.resolve(),
    };
    running.done = turn(step, running);
    // The error is for the code that shows the step.
    running.done.catch(() => undefined);
    all.set(step, running);
  }
  return all;
}

async function turn(step: Step, running: Running): Promise<void> {
  await Promise.all(running.waitsFor.map(({ done }) => done));
  running.startedAt = performance.now();
  try {
    await step.run({
      say: (line) => (running.said = line),
      retitle: (title, why) => {
        running.title = title;
        running.why = why;
        running.retitled();
      },
    });
  } finally {
    running.endedAt = performance.now();
  }
}

/** How long the steps take after one another, by what is expected of each: the longest way through them, in seconds. */
export function expectedSeconds(steps: Step[]): number {
  const reach = (step: Step): number =>
    (step.expected ?? 0) + Math.max(0, ...(step.after ?? []).map((before) => reach(before)));
  return Math.max(0, ...steps.map(reach));
}
