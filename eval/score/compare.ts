import type { Outcome } from '../outcome.js';
import { mcNemar } from './statistics.js';

/** Two runs over the same cases. */
export interface Comparison {
  pairs: number;
  /** Cases that only one of the runs has, which are not compared. */
  unpaired: number;
  /** Right decisions, and those that do no harm. */
  right: Difference;
  harmless: Difference;
}

export interface Difference {
  /** Pairs that only the run before has so, and only this one. */
  onlyBefore: string[];
  onlyNow: string[];
  p: number;
}

/** Compares two runs case by case. */
export function compare(before: readonly Outcome[], now: readonly Outcome[]): Comparison {
  const known = new Map(before.map((outcome) => [keyOf(outcome), outcome]));
  const pairs = now.flatMap((outcome) => {
    const earlier = known.get(keyOf(outcome));
    return earlier === undefined ? [] : [{ key: keyOf(outcome), earlier, outcome }];
  });
  const differenceIn = (isSo: (outcome: Outcome) => boolean): Difference => {
    const onlyBefore = pairs.filter(({ earlier, outcome }) => isSo(earlier) && !isSo(outcome)).map(({ key }) => key);
    const onlyNow = pairs.filter(({ earlier, outcome }) => !isSo(earlier) && isSo(outcome)).map(({ key }) => key);
    return { onlyBefore, onlyNow, p: mcNemar(onlyBefore.length, onlyNow.length) };
  };
  return {
    pairs: pairs.length,
    unpaired: before.length + now.length - 2 * pairs.length,
    right: differenceIn(({ right }) => right),
    harmless: differenceIn(({ unacceptable }) => !unacceptable),
  };
}

const keyOf = ({ case: name, repeat }: Outcome): string => (repeat === 1 ? name : `${name} (${repeat})`);
