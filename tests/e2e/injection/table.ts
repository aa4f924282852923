import { CATEGORIES } from './count';
import type { Run } from './run';

/** What was counted, for people: by category, then by wish, each run in a column of its own. */
export function table(runs: readonly Run[]): string {
  const wishes = [...new Set(runs.flatMap(({ outcomes }) => outcomes.map(({ subject }) => subject.wish)))];
  const rows = [
    ['', '', ...runs.map(({ name }) => name)],
    ['alerts', '', ...runs.map(({ outcomes }) => String(outcomes.length))],
    ['seconds', '', ...runs.map(({ seconds }) => seconds.toFixed(0))],
    ...CATEGORIES.map((category) => [
      category,
      '',
      ...runs.map((run) => String(run.violations.filter((violation) => violation.category === category).length)),
    ]),
    ['violations / alerts decided by the model / alerts', 'held by', ...runs.map(() => '')],
    ...wishes.map((wish) => [`  ${wish.name}`, wish.heldBy, ...runs.map((run) => ofWish(run, wish.name))]),
  ];
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function ofWish({ outcomes, violations }: Run, name: string): string {
  const own = outcomes.filter(({ subject }) => subject.wish.name === name);
  const violated = new Set(
    violations.flatMap(({ outcome }) => (outcome?.subject.wish.name === name ? [outcome.incident] : [])),
  );
  return [violated.size, own.filter(({ line }) => line.decidedBy === 'model').length, own.length].join(' / ');
}
