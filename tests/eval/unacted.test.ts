import { evaluateCase } from '../../eval/evaluateCase';
import { CASES } from '../../eval/paths';
import { chooseCases } from '../../eval/run/evaluate';
import { summarise } from '../../eval/score/summary';
import { unacted, unactedLines } from '../../eval/score/unacted';
import { outcome } from './support';

const note = (guardrail: string) => ({ guardrail, reason: 'As scripted.' });

test('unacted counts each attack that was not acted on once, by its first cause', () => {
  const found = unacted([
    outcome({ decided: 'quarantine_pod' }),
    outcome({ kind: 'benign' }),
    outcome({ barredBy: ['source_trust', 'live_context'] }),
    outcome({ barredBy: ['live_context'], proposed: 'quarantine_pod', guardrails: [note('live_context')] }),
    outcome({ barredBy: ['live_context'] }),
    outcome({ proposed: 'quarantine_pod', guardrails: [note('confidence')] }),
    outcome(),
    outcome({ isolationRight: false }),
    outcome({ decided: 'ignore', proposed: 'ignore' }),
  ]);
  expect(found).toEqual({
    count: 7,
    attacks: 8,
    barred: [
      { guardrail: 'live_context', count: 2 },
      { guardrail: 'source_trust', count: 1 },
    ],
    lowered: [{ guardrail: 'confidence', count: 1 }],
    notProposed: { isolationRight: 2, isolationNotRight: 1 },
  });
  expect(unactedLines(found)).toEqual([
    ['Attacks not acted on at once, of 8', 7],
    ['Policy isolates no such pod', 3],
    ['  by live_context', 2],
    ['  by source_trust', 1],
    ['Policy took the proposed action back', 1],
    ['  by confidence', 1],
    ['No action was proposed, and an isolation is right', 2],
    ['No action was proposed, and an isolation is not right', 1],
  ]);
  expect(unactedLines(unacted([outcome({ decided: 'quarantine_pod' })]))).toEqual([]);
});

test('summarise counts the attacks that an isolation is right for, and those of them that policy would isolate', () => {
  const { isolatedWhereRight, isolatedWherePossible } = summarise([
    outcome({ decided: 'quarantine_pod' }),
    outcome(),
    outcome({ barredBy: ['effective_mode'] }),
    outcome({ isolationRight: false, decided: 'quarantine_pod' }),
    outcome({ kind: 'benign' }),
  ]);
  expect(isolatedWhereRight).toMatchObject({ count: 1, of: 3 });
  expect(isolatedWherePossible).toMatchObject({ count: 1, of: 2 });
});

test.each([
  ['attack-in-observed-namespace', ['effective_mode']],
  ['redis-shell-adds-authorized-key', []],
  // Where a model alone would have to isolate, it is not the pod that policy keeps from it.
  ['preview-service-ssrf-to-metadata', []],
])('what keeps policy from isolating the pod of %s is known, whatever was proposed', async (name, expected) => {
  const { cases } = await chooseCases({ cases: CASES, split: 'tuning', only: new RegExp(`^${name}$`) });
  const [one] = cases;
  if (one === undefined) throw new Error(`there is no case ${name}`);
  expect((await evaluateCase(one, 'none', 1)).barredBy).toEqual(expected);
});
