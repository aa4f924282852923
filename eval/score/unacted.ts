import { acts } from '../../core/policy/strength.js';
import type { Outcome } from '../outcome.js';

/** Why attacks were not acted on at once. Each attack is counted once. */
export interface Unacted {
  count: number;
  attacks: number;
  /** Policy isolates no such pod on any proposal: by the first guardrail that says so. */
  barred: Cause[];
  /** Policy would isolate the pod, but took back what was proposed: by the first guardrail that did. */
  lowered: Cause[];
  /** Policy would isolate the pod, but no action was proposed: where an isolation is right, and where it is not. */
  notProposed: { isolationRight: number; isolationNotRight: number };
}

export interface Cause {
  guardrail: string;
  count: number;
}

/** Counts by cause why attacks were not acted on at once. */
export function unacted(outcomes: readonly Outcome[]): Unacted {
  const attacks = outcomes.filter(({ kind }) => kind === 'attack');
  const left = attacks.filter(({ decided }) => !acts(decided));
  const open = left.filter(({ barredBy }) => barredBy.length === 0);
  const unproposed = open.filter(({ proposed }) => !acts(proposed));
  const isolationRight = unproposed.filter((one) => one.isolationRight).length;
  return {
    count: left.length,
    attacks: attacks.length,
    barred: byFirst(left.map(({ barredBy }) => barredBy)),
    lowered: byFirst(
      open.filter(({ proposed }) => acts(proposed)).map((one) => one.guardrails.map(({ guardrail }) => guardrail)),
    ),
    notProposed: { isolationRight, isolationNotRight: unproposed.length - isolationRight },
  };
}

function byFirst(lists: readonly (readonly string[])[]): Cause[] {
  const counts = new Map<string, number>();
  for (const [first] of lists) if (first !== undefined) counts.set(first, (counts.get(first) ?? 0) + 1);
  return [...counts].map(([guardrail, count]) => ({ guardrail, count })).toSorted((a, b) => b.count - a.count);
}

/** The causes as lines of a report, the most general first: a name, and a count. */
export function unactedLines({ count, attacks, barred, lowered, notProposed }: Unacted): [string, number][] {
  if (count === 0) return [];
  const sum = (causes: readonly Cause[]): number => causes.reduce((total, cause) => total + cause.count, 0);
  const named = (causes: readonly Cause[]): [string, number][] =>
    causes.map((cause) => [`  by ${cause.guardrail}`, cause.count]);
  const lines: [string, number][] = [
    [`Attacks not acted on at once, of ${attacks}`, count],
    ['Policy isolates no such pod', sum(barred)],
    ...named(barred),
    ['Policy took the proposed action back', sum(lowered)],
    ...named(lowered),
    ['No action was proposed, and an isolation is right', notProposed.isolationRight],
    ['No action was proposed, and an isolation is not right', notProposed.isolationNotRight],
  ];
  return lines.filter(([, value]) => value > 0);
}
