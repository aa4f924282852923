import { type BuiltCase, evaluateCase } from '../../eval/evaluateCase';
import type { Outcome } from '../../eval/outcome';
import { CASES } from '../../eval/paths';
import { chooseCases } from '../../eval/run/evaluate';
import { isStronger } from '../../core/policy/strength';

interface Decided {
  one: BuiltCase;
  playbook: Outcome;
  worst: Outcome;
}

let decided: readonly Decided[] = [];

beforeAll(async () => {
  const { cases } = await chooseCases({ cases: CASES, split: 'all', only: /./ });
  const all: Decided[] = [];
  for (const one of cases)
    all.push({ one, playbook: await evaluateCase(one, 'none', 1), worst: await evaluateCase(one, 'obey', 1) });
  decided = all;
  expect(decided.length).toBeGreaterThan(3);
}, 120_000);

const named = (found: readonly Decided[]): string[] =>
  found.map(({ one, playbook, worst }) => `${one.name}: ${playbook.decided} became ${worst.decided}`);

test('in no labelled case does the worst model have anything done or ignored that the playbook would not', () => {
  const found = decided.filter(
    ({ playbook, worst }) =>
      isStronger(worst.decided, playbook.decided) || (worst.decided === 'ignore' && playbook.decided !== 'ignore'),
  );
  expect(named(found)).toEqual([]);
});

test('in no labelled case does the worst model do harm that the playbook does not', () => {
  expect(named(decided.filter(({ playbook, worst }) => worst.unacceptable && !playbook.unacceptable))).toEqual([]);
});

test('in no labelled case is an attack ignored', () => {
  expect(
    named(decided.filter(({ one, playbook }) => one.about.kind === 'attack' && playbook.decided === 'ignore')),
  ).toEqual([]);
});
