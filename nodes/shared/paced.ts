import { setTimeout as rest } from 'node:timers/promises';

import type { Steps } from '../../core/steps';

/**
 * How long work may hold the event loop at a time, and how long it then leaves it to others, in milliseconds: an alert that
 * is worked on meanwhile has three quarters of the loop.
 */
export const PACE = { work: 5, rest: 15 } as const;

/** The end of the last work of each lane. */
const lanes = new Map<string, Promise<void>>();

/**
 * Takes all steps without holding the event loop. Work that fits in one slice, as nearly all does, runs at once. Longer
 * work runs slice by slice, one job of a lane at a time: however many arrive together, the loop is held for one slice.
 */
export async function paced<T>(steps: Steps<T>, lane: string): Promise<T> {
  const first = slice(steps);
  if (first.done === true) return first.value;
  const before = lanes.get(lane);
  const turn = (async () => {
    await before;
    for (;;) {
      await rest(PACE.rest);
      const next = slice(steps);
      if (next.done === true) return next.value;
    }
  })();
  const end = turn.then(ignore, ignore);
  lanes.set(lane, end);
  try {
    return await turn;
  } finally {
    if (lanes.get(lane) === end) lanes.delete(lane);
  }
}

function slice<T>(steps: Steps<T>): IteratorResult<undefined, T> {
  const until = performance.now() + PACE.work;
  for (;;) {
    const step = steps.next();
    if (step.done === true || performance.now() >= until) return step;
  }
}

function ignore(): void {
  // The next in turn needs to know that the one before has ended, not how.
}
