import type { Part } from './parts.js';
import { pick, type Random, shuffled } from './seeded.js';

/** A part that is to be killed. */
export interface PlannedFault {
  /** Milliseconds after the first alert. */
  atMs: number;
  part: Part['name'];
  /** Which of the part's processes. */
  process: string;
}

/**
 * When which part is killed. Every part comes once, in an order of its own, before one comes again; the pauses between are
 * from half to one and a half times `everyMs`.
 */
export function schedule(random: Random, parts: readonly Part[], durationMs: number, everyMs: number): PlannedFault[] {
  const faults: PlannedFault[] = [];
  let round: Part[] = [];
  for (let atMs = pause(random, everyMs); atMs < durationMs; atMs += pause(random, everyMs)) {
    if (round.length === 0) round = shuffled(random, parts);
    const part = round.pop();
    if (part === undefined) break;
    faults.push({ atMs, part: part.name, process: pick(random, part.processes) });
  }
  return faults;
}

const pause = (random: Random, everyMs: number): number => everyMs * (0.5 + random());
