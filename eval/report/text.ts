import { visible } from '../../core/text/sanitize.js';
import type { Results } from '../run/results.js';
import type { Comparison, Difference } from '../score/compare.js';
import type { Group, Summary } from '../score/summary.js';
import { unactedLines } from '../score/unacted.js';
import { percent, rateText, RUN_ROWS } from './rates.js';

/** How many cases are named of each kind. */
const MOST_NAMED = 40;
const MOST_RULES = 20;
const LONGEST_RULE = 46;

/** The report for a terminal. Rules' names come from alerts, so that nothing invisible of them is printed. */
export function textReport(
  { about, outcomes, broken }: Results,
  summary: Summary,
  comparison: Comparison | null,
): string {
  const bad = outcomes.filter(({ unacceptable }) => unacceptable);
  return [
    `Model ${visible(about.model, 200)}, ${outcomes.length} runs of cases, split ${about.split}. Shares with their 95 % intervals (Wilson).`,
    '',
    ...RUN_ROWS.map(
      ({ label, of }) =>
        `  ${label.padEnd(30)} ${`${of(summary).count} of ${of(summary).of}`.padStart(12)}  ${rateText(of(summary))}`,
    ),
    '',
    ...unactedLines(summary.unacted).map(([name, count]) => `  ${name.padEnd(54)} ${String(count).padStart(4)}`),
    '',
    ...groups('Split', summary.bySplit),
    ...groups('Difficulty', summary.byDifficulty),
    ...groups('Rule', mostCases(summary.byRule)),
    ...restOf(summary.byRule),
    ...calibrationLines(summary),
    `Time for an alert: median ${summary.time.median.toFixed(0)} ms, 95th percentile ${summary.time.p95.toFixed(0)} ms`,
    `Tokens: ${summary.tokens.input} sent, ${summary.tokens.output} written; price: ${visible(about.price, 200)}`,
    `Requests: ${summary.requests}; answers of earlier runs: ${summary.remembered}`,
    ...Object.entries(summary.failures).map(([failure, count]) => `  ${failure}: ${count}`),
    ...listed(
      'Decisions that do harm',
      bad.map((outcome) => visible(`${outcome.case}: ${outcome.decided} (${outcome.kind})`, 300)),
    ),
    ...listed(
      'Broken cases, which count in no figure',
      broken.map(({ name, problem }) => visible(`${name}: ${problem}`, 400)),
    ),
    ...(comparison === null ? [] : comparisonLines(comparison)),
  ].join('\n');
}

function groups(title: string, found: readonly Group[]): string[] {
  return [
    `  ${title.padEnd(LONGEST_RULE)} ${'cases'.padStart(6)} ${'right'.padStart(8)} ${'harm'.padStart(6)} ${'missed'.padStart(7)} ${'benign acted on'.padStart(16)}`,
    ...found.map(
      ({ name, accuracy, unacceptable, attacksMissed, benignActedOn }) =>
        `  ${visible(name, LONGEST_RULE).padEnd(LONGEST_RULE)} ${String(accuracy.of).padStart(6)} ${`${percent(accuracy.share ?? 0)} %`.padStart(8)} ${String(unacceptable.count).padStart(6)} ${String(attacksMissed.count).padStart(7)} ${String(benignActedOn.count).padStart(16)}`,
    ),
    '',
  ];
}

/** Those with the most cases first; results.json and the page have all of them. */
function mostCases(found: readonly Group[]): Group[] {
  return found.toSorted((one, other) => other.accuracy.of - one.accuracy.of).slice(0, MOST_RULES);
}

function restOf({ length }: readonly Group[]): string[] {
  return length > MOST_RULES ? [`  and ${length - MOST_RULES} more rules in results.json and report.html`, ''] : [];
}

function calibrationLines({ calibration: { brier, ece, bins } }: Summary): string[] {
  if (brier === null || ece === null) return [];
  return [
    `Confidence of what is proposed: Brier score ${brier.toFixed(3)}, expected calibration error ${ece.toFixed(3)}`,
    ...bins.map(
      ({ from, to, count, meanConfidence, shareRight }) =>
        `  ${from.toFixed(1)} to ${to.toFixed(1)}: ${String(count).padStart(4)} proposals, sure to ${percent(meanConfidence)} %, right ${percent(shareRight)} %`,
    ),
    '',
  ];
}

function comparisonLines({ pairs, unpaired, right, harmless }: Comparison): string[] {
  const line = (label: string, { onlyBefore, onlyNow, p }: Difference): string =>
    `  ${label}: only before ${onlyBefore.length}, only now ${onlyNow.length}, p = ${p.toPrecision(3)}`;
  return [
    '',
    `Compared with the run before: ${pairs} pairs, ${unpaired} runs without one (McNemar's exact test, two-sided)`,
    line('right decisions', right),
    line('harmless decisions', harmless),
    ...listed('Right before, and not now', right.onlyBefore),
    ...listed('Right now, and not before', right.onlyNow),
  ];
}

function listed(title: string, lines: readonly string[]): string[] {
  if (lines.length === 0) return [];
  const more = lines.length - MOST_NAMED;
  return [
    '',
    `${title}: ${lines.length}`,
    ...lines.slice(0, MOST_NAMED).map((line) => `  ${line}`),
    ...(more > 0 ? [`  and ${more} more`] : []),
  ];
}
