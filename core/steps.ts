/**
 * Work in small steps. Whoever runs them may do something else between two of them, so that no work, however much it is,
 * holds a process for longer than its longest step. A step is a few milliseconds at most.
 */
export type Steps<T> = Generator<undefined, T, undefined>;

/** Takes all steps at once. */
export function runSteps<T>(steps: Steps<T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}
