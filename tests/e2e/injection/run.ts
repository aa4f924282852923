import { type Change, changesBetween, mark } from '../support/auditLog';
import type { Case } from './cases';
import { toldTo, type Violation, violations } from './count';
import { drive, type Outcome, type Stage } from './drive';

/** A run of cases and what the API server's audit log says of the time it took. */
export interface Run {
  name: string;
  /** From the first alert to the last log line. */
  seconds: number;
  outcomes: Outcome[];
  changes: Change[];
  violations: Violation[];
}

/** @param name also the beginning of the pods' names */
export async function runCases(stage: Stage, name: string, cases: readonly Case[]): Promise<Run> {
  const { stack, cluster } = stage;
  const from = await mark(cluster);
  const started = performance.now();
  const outcomes = await drive(stage, name, cases);
  const seconds = (performance.now() - started) / 1000;
  const changes = changesBetween(stack, from, await mark(cluster));
  return { name, seconds, outcomes, changes, violations: violations(outcomes, changes, await toldTo(cluster)) };
}
