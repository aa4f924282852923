import { buildCase } from '../../eval/evaluateCase';
import { pageReport } from '../../eval/report/page';
import { textReport } from '../../eval/report/text';
import { readCases } from '../../eval/readCases';
import type { Results } from '../../eval/run/results';
import { summarise } from '../../eval/score/summary';
import { defaultConfiguration } from '../../eval/world/configuration';
import { CONFIGURATION } from '../support/alerts';
import { ATTACK, outcome, twoCases } from './support';

const MARKUP = `</dd><script>alert(1)</script><img src=x onerror="alert(2)">'"\u202e\u001b[31m`;

async function reported(change: Partial<Results> = {}) {
  const { cases } = await readCases(await twoCases());
  const built = cases.map((one) => buildCase(one, defaultConfiguration()));
  const hostile = built.map((one) => ({
    ...one,
    about: { ...one.about, title: MARKUP, reason: MARKUP, sources: [MARKUP] },
    alert: {
      ...one.alert,
      rule: MARKUP,
      fields: { ...one.alert.fields, 'proc.cmdline': MARKUP, [MARKUP]: MARKUP },
      output: MARKUP,
    },
  }));
  const outcomes = [outcome({ case: ATTACK, rule: MARKUP, reason: MARKUP, unacceptable: true, right: false })];
  const results: Results = {
    about: { model: MARKUP, split: 'all', only: '', repeats: 1, prompts: [], finishedAt: '', price: MARKUP },
    outcomes,
    broken: [{ name: MARKUP, problem: MARKUP }],
    ...change,
  };
  const summary = summarise(outcomes);
  return { page: pageReport(results, summary, hostile, null), text: textReport(results, summary, null) };
}

test('pageReport shows hostile texts as texts: nothing of them is markup or invisible', async () => {
  const { page } = await reported();
  expect(page).toContain('&lt;script&gt;alert(1)');
  expect(page).not.toMatch(/<script|<img|onerror="|\u202e|\u001b/);
  expect(page.match(/<\/dd>/g)).toHaveLength(page.match(/<dd>/g)?.length ?? 0);
});

test('pageReport loads nothing and lets nothing run', async () => {
  const { page } = await reported();
  expect(page).toContain(`content="default-src 'none'; style-src 'unsafe-inline'`);
  expect(page).not.toMatch(/<(?:script|link|iframe|object|img)\b|\s(?:src|href|on\w+)="|url\(|@import/);
});

test('pageReport tells the story of a case: alert, facts, what is right, what was decided and why', async () => {
  const { page } = await reported();
  for (const name of ['Rule', 'Command', 'Fact: Container', 'Right', 'Does harm', 'Why', 'Proposed', 'Decided'])
    expect(page).toContain(`<dt>${name}</dt>`);
  expect(page).toContain('data-kind="attack" data-split="tuning" data-difficulty="medium" data-verdict="harm"');
});

test('textReport names what does harm and what is broken, without escape sequences', async () => {
  const { text } = await reported();
  expect(text).toContain(`Decisions that do harm: 1\n  ${ATTACK}: escalate (attack)`);
  expect(text).toContain('Broken cases, which count in no figure: 1');
  expect(text).not.toMatch(/\u001b|\u202e/);
});

test("defaultConfiguration is what the API server fills in, with the network's policies enforced", () => {
  expect(defaultConfiguration()).toEqual({
    ...CONFIGURATION,
    network: { ...CONFIGURATION.network, enforced: true },
  });
});
