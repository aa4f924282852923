import type { Part } from './parts.js';
import { pick, type Random, shuffled } from './seeded.js';

/** A part that is to fail. */
export interface PlannedFault {
  /** Milliseconds after the first alert. */
  atMs: number;
  part: Part['name'];
  /** Which of the part's processes. */
  process: string;
  /** How it fails instead of being killed. */
  disturbance?: Part['disturbance'];
}

/**
 * When which part fails. Every part comes once, in an order of its own, before one comes again; the pauses between are
 * from half to one and a half times `everyMs`.
 */
export function schedule(random: Random, parts: readonly Part[], durationMs: number, everyMs: number): PlannedFault[] {
  const faults: PlannedFault[] = [];
  let round: Part[] = [];
  for (let atMs = pause(random, everyMs); atMs < durationMs; atMs += pause(random, everyMs)) {
    if (round.length === 0) round = shuffled(random, parts);
    const part = round.pop();
    if (part === undefined) break;
    const { name, processes, disturbance } = part;
    faults.push({ atMs, part: name, process: pick(random, processes), ...(disturbance && { disturbance }) });
  }
  return faults;
}

const pause = (random: Random, everyMs: number): number => everyMs * (0.5 + random());
