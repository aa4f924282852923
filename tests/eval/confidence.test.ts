import { buildCase } from '../../eval/evaluateCase';
import { CASES } from '../../eval/paths';
import { readCases } from '../../eval/readCases';
import { defaultConfiguration } from '../../eval/world/configuration';
import { playbook } from '../../core/policy/playbook';
import { confidenceIn, shareOf } from '../../core/policy/table/confidence';

test("shareOf is Laplace's rule of succession, in steps of 0.05", () => {
  expect(shareOf({ right: 0, of: 0 })).toBe(0.5);
  expect(shareOf({ right: 3, of: 3 })).toBe(0.8);
  expect(shareOf({ right: 96, of: 99 })).toBe(0.95);
  expect(shareOf({ right: 1000, of: 1000 })).toBe(1);
});

test('the confidence of each kind of answer is the share of the tuning cases in which it is right', async () => {
  const configuration = defaultConfiguration();
  const { cases } = await readCases(CASES);
  const counts = new Map<string, { right: number; of: number }>();
  for (const found of cases.filter(({ about }) => about.split === 'tuning')) {
    const { alert, context, about } = buildCase(found, configuration);
    if (context.status !== 'found') continue;
    const { decision, confidence } = playbook(alert, context);
    const key = `${decision} ${confidence}`;
    const { right, of } = counts.get(key) ?? { right: 0, of: 0 };
    counts.set(key, { right: right + Number(about.right.includes(decision)), of: of + 1 });
  }
  // What was counted is named beside it, for core/policy/table/confidence.ts.
  const counted = [...counts].map(([key, count]) => [key, count, key.split(' ')[0], shareOf(count)]);
  expect(counted).toHaveLength(5);
  expect(counted).toEqual(
    [...counts].map(([key, count]) => [key, count, key.split(' ')[0], Number(key.split(' ')[1])]),
  );
});

test('by default each answer is certain enough for its action', () => {
  const { minimumConfidence } = defaultConfiguration();
  expect(confidenceIn('delete')).toBeGreaterThanOrEqual(minimumConfidence.deletePod);
  for (const kind of ['isolateByRule', 'isolateByText', 'isolateByTag'] as const)
    expect(confidenceIn(kind)).toBeGreaterThanOrEqual(minimumConfidence.quarantinePod);
});
