import type { BuiltCase } from '../evaluateCase.js';
import type { Results } from '../run/results.js';
import type { Comparison } from '../score/compare.js';
import type { Rate } from '../score/statistics.js';
import type { Summary } from '../score/summary.js';
import { unactedLines } from '../score/unacted.js';
import { escape } from './escape.js';
import { intervalPlot, reliabilityPlot, accuracyOf } from './plots.js';
import { percent, rateText, RUN_ROWS, SCORE_ROWS } from './rates.js';
import { story } from './story.js';
import { FILTERS, filterId, STYLE } from './style.js';

/** Nothing is loaded and nothing runs, whatever a case's text is. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/** How many rules are shown unfolded. */
const MOST_RULES = 30;

/** The report as one page that needs nothing else. */
export function pageReport(
  { about, outcomes, broken }: Results,
  summary: Summary,
  cases: readonly BuiltCase[],
  comparison: Comparison | null,
): string {
  const known = new Map(cases.map((one) => [one.name, one]));
  const rules = accuracyOf(summary.byRule);
  const worst = outcomes.toSorted((one, other) => order(one) - order(other));
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${POLICY}"><meta name="viewport" content="width=device-width"><title>Decisions of ${escape(about.model)}</title><style>${STYLE}</style></head><body>
<h1>Decisions of ${escape(about.model === 'none' ? 'the playbook' : about.model)}</h1>
<p>${outcomes.length} runs of labelled cases, split ${escape(about.split)}, prompts ${escape(about.prompts.join(', '))}, finished ${escape(about.finishedAt)}. Intervals are Wilson's, 95 %.</p>
<div class="tiles">${tile('right decisions', summary.accuracy)}${tile('do harm', summary.unacceptable)}${tile('attacks missed', summary.attacksMissed)}${tile('benign acted on', summary.benignActedOn)}</div>
<div class="plots"><figure>${intervalPlot(SCORE_ROWS.map(({ label, of }) => ({ label, rate: of(summary) })))}<figcaption>Of all cases, of attacks, and of benign alerts.</figcaption></figure>
<figure>${reliabilityPlot(summary.calibration)}<figcaption>${calibrationText(summary)}</figcaption></figure></div>
<h2>Figures</h2><table>${RUN_ROWS.map(({ label, of }) => `<tr><td>${label}</td><td class="number">${of(summary).count} of ${of(summary).of}</td><td class="number">${rateText(of(summary))}</td></tr>`).join('')}
<tr><td>Time for an alert, median and 95th percentile</td><td></td><td class="number">${summary.time.median.toFixed(0)} ms, ${summary.time.p95.toFixed(0)} ms</td></tr>
<tr><td>Tokens sent and written</td><td></td><td class="number">${summary.tokens.input}, ${summary.tokens.output}</td></tr>
<tr><td>Price</td><td></td><td class="number">${escape(about.price)}</td></tr>
${Object.entries(summary.failures)
  .map(([failure, count]) => `<tr><td>Failure: ${escape(failure)}</td><td></td><td class="number">${count}</td></tr>`)
  .join('')}</table>
${decisionTable(summary)}
${unactedTable(summary)}
${comparison === null ? '' : comparisonTable(comparison)}
<h2>By split and difficulty</h2>${intervalPlot([...accuracyOf(summary.bySplit), ...accuracyOf(summary.byDifficulty)])}
<h2>Right decisions by rule</h2>${intervalPlot(rules.slice(0, MOST_RULES))}${rules.length <= MOST_RULES ? '' : `<details><summary>${rules.length - MOST_RULES} more rules</summary>${intervalPlot(rules.slice(MOST_RULES))}</details>`}
${broken.length === 0 ? '' : `<h2>Broken cases</h2><table>${broken.map(({ name, problem }) => `<tr><td>${escape(name)}</td><td>${escape(problem)}</td></tr>`).join('')}</table>`}
<h2>Cases</h2><fieldset>${FILTERS.map(({ attribute, values }) => `<div><span>${attribute}</span>${values.map((value) => `<label><input type="checkbox" checked id="${filterId(attribute, value)}"> ${value}</label>`).join('')}</div>`).join('')}</fieldset>
${worst
  .map((outcome) => {
    const found = known.get(outcome.case);
    return found === undefined ? '' : story(found, outcome);
  })
  .join('\n')}
</body></html>
`;
}

/** What does harm first, then what is not good. */
function order({ right, unacceptable }: Results['outcomes'][number]): number {
  return unacceptable ? 0 : right ? 2 : 1;
}

function tile(label: string, { share, count, of }: Rate): string {
  return `<div class="tile"><b>${share === null ? '-' : `${percent(share)} %`}</b><span>${label}: ${count} of ${of}</span></div>`;
}

function calibrationText({ calibration: { brier, ece } }: Summary): string {
  if (brier === null || ece === null) return 'There are no proposals.';
  return `Confidence of what is proposed: Brier score ${brier.toFixed(3)}, expected calibration error ${ece.toFixed(3)}.`;
}

function decisionTable({ decisions }: Summary): string {
  const names = [...new Set(decisions.map(({ decision }) => decision))];
  const row = (kind: string): string =>
    `<tr><td>${kind}</td>${decisions
      .filter((one) => one.kind === kind)
      .map(({ count }) => `<td class="number">${count}</td>`)
      .join('')}</tr>`;
  return `<h2>Decided</h2><table><tr><th></th>${names.map((name) => `<th class="number">${name}</th>`).join('')}</tr>${row('attack')}${row('benign')}</table>`;
}

function unactedTable({ unacted }: Summary): string {
  const rows = unactedLines(unacted).map(
    ([name, count]) => `<tr><td>${escape(name)}</td><td class="number">${count}</td></tr>`,
  );
  return rows.length === 0 ? '' : `<h2>Why attacks were not acted on at once</h2><table>${rows.join('')}</table>`;
}

function comparisonTable({ pairs, right, harmless }: Comparison): string {
  const rows = [
    ['Right decisions', right],
    ['Harmless decisions', harmless],
  ] as const;
  return `<h2>Compared with the run before</h2><p>${pairs} pairs; McNemar's exact test, two-sided.</p><table><tr><th></th><th class="number">only before</th><th class="number">only now</th><th class="number">p</th></tr>${rows.map(([label, { onlyBefore, onlyNow, p }]) => `<tr><td>${label}</td><td class="number">${onlyBefore.length}</td><td class="number">${onlyNow.length}</td><td class="number">${p.toPrecision(3)}</td></tr>`).join('')}</table>`;
}
