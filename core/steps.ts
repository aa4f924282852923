/**
 * Work in small steps. The caller may do other work between two steps, so that even much work never blocks the process
 * for longer than one step, which takes a few milliseconds at most.
 */
export type Steps<T> = Generator<undefined, T, undefined>;

/** Runs all steps at once. */
export function runSteps<T>(steps: Steps<T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}
